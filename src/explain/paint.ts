/** Paints a text for terminals and for the HTML report. */
type Paint = (text: string) => string;

/** The colours of an expect's `utils`, by their names there. */
interface Colors {
  readonly EXPECTED_COLOR: Paint;
  readonly RECEIVED_COLOR: Paint;
  readonly DIM_COLOR: Paint;
}

/** A failure in the colours of the host: expected green, received red, the call log dimmed. Without colours as it was. */
export function paintFailure(text: string, utils: unknown): string {
  if (!hasColors(utils)) return text;
  let isLog = false;
  const lines = text.split('\n').map((line) => {
    // A blank line ends it: of several clients each has its own nearest message and its own log.
    isLog = line !== '' && (isLog || /^Call log( of .*)?:$/.test(line));
    return isLog ? utils.DIM_COLOR(line) : paintLine(line, utils);
  });
  return lines.join('\n');
}

function paintLine(line: string, colors: Colors): string {
  if (line.startsWith('- ')) return colors.EXPECTED_COLOR(line);
  if (line.startsWith('+ ')) return colors.RECEIVED_COLOR(line);
  const [, label = '', value = ''] = /^((?:Expected|Received|Where): +)(.*)$/.exec(line) ?? [];
  if (label === '') return line;
  return label + (label.startsWith('Received') ? colors.RECEIVED_COLOR(value) : colors.EXPECTED_COLOR(value));
}

function hasColors(utils: unknown): utils is Colors {
  const names = ['EXPECTED_COLOR', 'RECEIVED_COLOR', 'DIM_COLOR'];
  return (
    typeof utils === 'object' && utils !== null && names.every((name) => typeof Reflect.get(utils, name) === 'function')
  );
}
