namespace Weft.Serve;

/// <summary>What the coordinator says when it has started: where it is, what it answers, where the data lies, and who gets in.</summary>
internal static class Banner
{
    public static void Print(TextWriter output, Uri url, string place, ServeOptions options, FirstTokens? tokens)
    {
        var address = url.ToString().TrimEnd('/');
        output.WriteLine(
            $"""

            Weft coordinator
              Address   {address}
              Data      {place}
              Web       {(options.Web is null ? "built-in pages only" : Path.GetFullPath(options.Web))}
              Access    {AccessOf(options)}

              POST {address}/task               submit a task
              GET  {address}/task/next          claim the next task
              POST {address}/task/ID/result     post a result
              GET  {address}/result/ID          read a result
              GET  {address}/stats              counts
              GET  {address}/health             health

            """);
        if (tokens is not null) PrintTokens(output, PublicAddress.Of(url, options), tokens);
        output.WriteLine("Press Ctrl+C to stop.");
        output.Flush();
    }

    private static string AccessOf(ServeOptions options) => (options.Access, options.LegacyOpen) switch
    {
        (AccessMode.Tokens, true) => "by token; the six endpoints are open to clients without one",
        (AccessMode.Tokens, false) => "by token",
        _ => "open to everybody who reaches the address",
    };

    /// <summary>The fragment of an address stays in the browser: no server and no log sees it.</summary>
    private static void PrintTokens(TextWriter output, string address, FirstTokens tokens) => output.WriteLine(
        $"""
            The first tokens of this store. They are shown now and never again.
              Admin     {tokens.Admin}
              Console   {address}/#token={tokens.Admin}
              Worker    {address}/worker/#token={tokens.Worker}
            On the command line: export WEFT_TOKEN=…, then 'weft token create' makes others.

        """);
}
