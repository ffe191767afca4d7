// A page that is there to be printed: the printer's dialog opens when everything stands.
addEventListener('load', () => print());
