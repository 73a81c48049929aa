namespace Weft.CommandLine.Text;

/// <summary>What commands read from stdin.</summary>
internal static class StandardInput
{
    /// <summary>Opens it, and tells somebody who sits before it, and may wonder why nothing happens.</summary>
    /// <param name="what">What is read: "the payload".</param>
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
