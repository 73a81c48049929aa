namespace Weft.Cli.Python;

/// <summary>Finds a script's syntax errors before a submit, if this machine has a Python.</summary>
internal static class PythonSyntax
{
    private const string Compile = """
        import sys
        if sys.version_info >= (3, 9):
            try:
                compile(sys.stdin.buffer.read().decode().lstrip('\ufeff'), 'task', 'exec', dont_inherit=True)
            except (SyntaxError, ValueError) as error:
                place = 'line {0.lineno}, column {0.offset}, by '.format(error) if hasattr(error, 'lineno') else ''
                text = '{}: {} ({}Python {}.{})'.format(
                    type(error).__name__, getattr(error, 'msg', error), place, *sys.version_info[:2])
                sys.stdout.buffer.write(text.encode('utf-8', 'backslashreplace'))
        """;

    /// <summary>The error, with line and column; null: none, or there is no python3.</summary>
    /// <param name="script">UTF-8.</param>
    public static async Task<string?> FindFaultAsync(ReadOnlyMemory<byte> script, CancellationToken stop) =>
        await PythonAsk.RunAsync("python3", Compile, script, stop) is { Length: > 0 } fault ? fault : null;
}
