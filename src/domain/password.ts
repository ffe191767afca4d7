/** How many characters a password has. The upper bound keeps hashing cheap. */
export const PASSWORD_LENGTH = { min: 10, max: 128 };
