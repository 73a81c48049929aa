namespace Weft.CommandLine.Text;

/// <summary>The stdin of commands.</summary>
internal static class StandardInput
{
    /// <summary>Opens it; if it is a terminal, prints a hint that the command waits for input.</summary>
    /// <param name="what">The name of the input: "the payload".</param>
    public static Stream Open(string what)
    {
        if (!Console.IsInputRedirected)
        {
            Console.Error.WriteLine(
                $"weft: Reading {what} from the keyboard. Press Ctrl+D at the start of a line to end it.");
        }
        return Console.OpenStandardInput();
    }
}
