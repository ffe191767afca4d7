import type { Role } from '../../domain/roles.ts';
import type { Service } from '../../domain/service.ts';
import { weekly } from './place.ts';
import type { DemoService } from './town.ts';

export const DEMO_PASSWORD = 'now-serving-demo';
export const DEMO_LOGINS = [
  { email: 'admin@demo.example', name: 'Eleanor Whitfield', role: 'admin' },
  { email: 'staff1@demo.example', name: 'Priya Nair', role: 'staff' },
  { email: 'staff2@demo.example', name: 'Tom Ashworth', role: 'staff' },
  { email: 'customer@demo.example', name: 'Maya Okafor', role: 'user' },
] as const satisfies readonly { email: string; name: string; role: Role }[];

export const LOCATION = {
  name: 'Rivermouth Town Hall',
  slug: 'rivermouth-town-hall',
  timeZone: 'Europe/London',
};
export const ZONE = LOCATION.timeZone;

/** How many days back and ahead there is something to see. */
export const SPAN = 14;
/** The two services with a line in progress can be used this long before and after the start, at any hour. */
export const LIVE_MINUTES = 180;

// biome-ignore format: a name a line would be a page of names
export const CUSTOMER_NAMES = [
  'Adaeze Eze', 'Aisha Rahman', 'Aleksandra Nowak', 'Amira Haddad', 'Andrés Moreno', 'Anneke de Vries',
  'Arjun Mehta', 'Bethan Llewellyn', 'Callum Fraser', 'Carmen Ruiz', 'Chidi Obi', 'Chloé Laurent',
  'Daniel Kowalczyk', 'Dimitra Pappas', 'Elif Yılmaz', 'Emeka Nwosu', 'Erin Gallagher', 'Fatima Zahra',
  'Giulia Romano', 'Gwen Pritchard', 'Hana Sato', 'Harold Finch', 'Ingrid Larsen', 'Ivan Petrov',
  'Jia Chen', 'Joanna Wright', 'Kwame Mensah', 'Leila Farahani', 'Lukas Weber', 'Mateus Oliveira',
  'Mei Tanaka', 'Mohammed Ali', 'Niamh Byrne', 'Nikhil Sharma', 'Olga Ivanova', 'Omar Farouk',
  'Patience Moyo', 'Quỳnh Nguyễn', 'Rosa Delgado', 'Samuel Osei', 'Siobhán Kelly', 'Sunita Rao',
  'Tariq Aziz', 'Tomasz Zieliński', 'Valentina Rossi', 'William Hughes', 'Yusuf Demir', 'Zoë Bennett',
];

/** As the front desk types them. */
// biome-ignore format: a name a line would be a page of names
export const WALK_IN_NAMES = [
  'Mrs Patel', 'George Baker', 'Lena Hoffmann', 'Mr Adeyemi', 'Sofia Marino', 'Family Novak',
  'Pat Doyle', 'Ms Green', 'Hassan Karimi', 'Ruth Adler', 'Jean Dupont', 'Marta Silva', 'Mr Thornton',
  'Kim Park', 'Deborah King', 'Ravi Kumar', 'Anna Lindqvist', 'Mr and Mrs Cole', 'Bilal Hussain',
  'Grace Otieno', 'Peter Vance', 'Yara Nasser', 'Len Cartwright', 'Dot Miller',
];

export interface Dates {
  createdAt: Date;
  updatedAt: Date;
}

export type ServiceKey = 'passports' | 'birth' | 'parking' | 'building' | 'recycling';

/** The two with a line in progress whenever the demo starts, and who works it. */
export const LIVE: Partial<Record<ServiceKey, { walkIns: number[]; arrivedForNow: number }>> = {
  passports: { walkIns: [27, 16, 9, 3], arrivedForNow: 2 },
  parking: { walkIns: [8, 5, 1], arrivedForNow: 1 },
};

export type ServiceFacts = Pick<
  DemoService,
  | 'slug'
  | 'name'
  | 'description'
  | 'whatToBring'
  | 'prefix'
  | 'durationMinutes'
  | 'capacity'
  | 'rules'
  | 'load'
  | 'walkInsADay'
> &
  Partial<Service>;

export const MON_TO_FRI = [1, 2, 3, 4, 5];

export const SERVICES: Record<ServiceKey, ServiceFacts> = {
  passports: {
    slug: 'passports-and-id-cards',
    name: 'Passports and ID cards',
    description:
      'Apply for a new passport or identity card, renew one, or report one as lost. We check your papers and your photo with you, so that nothing comes back in the post. Children are welcome and need to come along.',
    whatToBring:
      'Your old passport or card, if you still have it\nOne recent photo, or 6 pounds for our photo booth\nFor a child: the birth certificate, and a parent who can sign',
    prefix: 'A',
    durationMinutes: 20,
    capacity: 3,
    phoneJoin: true,
    walkInsADay: 9,
    load: 0.36,
    rules: [...weekly(MON_TO_FRI, ['08:00', '18:00']), ...weekly([6], ['09:00', '12:00'])],
  },
  birth: {
    slug: 'register-a-birth',
    name: 'Register a birth',
    description:
      'Congratulations! Register your baby within six weeks. We sit down together in a quiet room, and you take the certificate home the same day. There is space for the pram and a table to change a nappy.',
    whatToBring:
      'The red book or the letter from the hospital\nAn identity card or passport of each parent who comes\nYour marriage certificate, if you have one',
    prefix: 'B',
    durationMinutes: 40,
    bufferMinutes: 5,
    stepMinutes: 45,
    capacity: 1,
    cancelMinutes: 120,
    walkIns: false,
    walkInsADay: 0,
    load: 0.6,
    rules: weekly(MON_TO_FRI, ['09:00', '12:00'], ['13:00', '16:45']),
  },
  parking: {
    slug: 'parking-permits',
    name: 'Parking permits',
    description:
      'Permits for residents, carers and visitors, and changes when you have a new car. It rarely takes longer than a few minutes, and you leave with your permit.',
    whatToBring:
      'Your registration document (V5C)\nSomething with your address on it, such as a council tax letter',
    prefix: 'C',
    durationMinutes: 10,
    capacity: 2,
    phoneJoin: true,
    askName: false,
    walkInsADay: 7,
    load: 0.1,
    rules: [...weekly(MON_TO_FRI, ['08:00', '18:00']), ...weekly([6], ['09:00', '13:00'])],
  },
  building: {
    slug: 'building-advice',
    name: 'Building advice',
    description:
      'Planning an extension, a new roof or a garden wall? Talk it over with a building officer before you spend money on drawings. We read your papers beforehand, so please book and cancel at least a day ahead.',
    whatToBring:
      'A sketch with rough measurements; it need not be pretty\nPhotos of the place\nYour address and, if you know it, the plot number',
    prefix: 'D',
    durationMinutes: 30,
    capacity: 1,
    leadMinutes: 24 * 60,
    cancelMinutes: 24 * 60,
    walkIns: false,
    walkInsADay: 0,
    load: 0.45,
    rules: weekly(MON_TO_FRI, ['09:30', '12:30'], ['14:00', '16:30']),
  },
  recycling: {
    slug: 'recycling-centre',
    name: 'Recycling centre slots',
    description:
      'Drive in with what does not fit into your bins: furniture, garden waste, paint, anything with a plug. No need to check in. Come at your time, and the crew waves you through when a bay is free.',
    whatToBring:
      'Something with your address on it\nGloves, and a helping hand for heavy things\nPaint and oil in closed tins, please',
    prefix: 'E',
    durationMinutes: 15,
    capacity: 6,
    checkIn: 'none',
    earlyCallMinutes: 15,
    walkIns: false,
    walkInsADay: 0,
    load: 0.08,
    rules: [
      ...weekly([...MON_TO_FRI, 6], ['08:00', '12:00'], ['12:30', '17:00']),
      ...weekly([7], ['10:00', '15:00']),
    ],
  },
};

export const DEFAULTS = {
  phoneJoin: false,
  joinLimit: null,
  joinUntil: null,
  askName: true,
  askPhone: false,
  bufferMinutes: 0,
  stepMinutes: null,
  leadMinutes: 0,
  horizonDays: 60,
  cancelMinutes: 0,
  graceMinutes: 10,
  creditMinutes: 10,
  priorityMinutes: 10,
  earlyCallMinutes: null,
  checkInBeforeMinutes: 60,
  checkInAfterMinutes: 60,
  checkIn: 'required' as const,
  walkIns: true,
  retiredAt: null,
  version: 1,
};
