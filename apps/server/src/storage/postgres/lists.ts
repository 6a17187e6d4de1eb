/** Lists of ids travel as one text, made by `listOf`. */

/** As an array that is made once, so that it is looked up in the index instead of joined. */
export const isOneOf = (column: string, parameter: string): string =>
  `${column} = ANY (ARRAY (SELECT decode(value, 'hex') FROM json_array_elements_text(${parameter}::json)))`;

/** A table of one column, `item`. */
export const itemsOf = (parameter: string): string =>
  `(SELECT decode(value, 'hex') AS item FROM json_array_elements_text(${parameter}::json)) AS items`;
