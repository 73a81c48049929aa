using Weft.Serve.Room;
using Weft.Storage.Engine;

namespace Weft.Serve;

/// <summary>The output of a started coordinator: addresses, data, access, and the first tokens.</summary>
internal static class Banner
{
    /// <param name="tokensFile">The file for the first tokens, instead of <paramref name="output"/>; null:
    /// none.</param>
    public static void Print(TextWriter output, Coordinator coordinator, ServeOptions options, string? tokensFile)
    {
        var address = PublicAddress.Of(coordinator.Url, options);
        // In a room, browsers don't trust the certificate yet. This machine's doesn't need to.
        if (options.RoomFolder is not null) address = PublicAddress.Local(coordinator.Url) ?? address;
        var settings = options.File is null ? "" : $"\n  Settings  {Path.GetFullPath(options.File)}";
        output.WriteLine(
            $"""

            Weft {WeftVersion.Text}
              Address   {string.Join(", ", PublicAddress.AllOf(coordinator.Url))}
              Data      {coordinator.Place}{UpgradeOf(coordinator.Upgrade)}{settings}
              Web       {(options.Web is null ? "built-in pages only" : Path.GetFullPath(options.Web))}
              Access    {AccessOf(options)}

              {address}/docs       the API under /api/v1, request by request
              {address}/           the console: what runs, what waits, and why
              {address}/worker/    compute in a browser tab{BoardOf(options, address)}

            """);
        if (options.Lab) RoomBanner.Print(output, coordinator, options, isTerminal: tokensFile is null);
        if (options.Access == AccessMode.Tokens) output.WriteLine(TokensOf(coordinator, options, address, tokensFile));
        output.WriteLine("Press Ctrl+C to stop.");
        output.Flush();
    }

    private static string UpgradeOf(SchemaUpgrade? upgrade) => upgrade is null ? ""
        : $"\n  Upgraded  its schema from {upgrade.From} to {upgrade.To} ({string.Join(", ", upgrade.Steps)}); " +
            "older versions can't open it any more";

    private static string BoardOf(ServeOptions options, string address) => options.Board
        ? $"\n  {address}/board/     the names that volunteers gave, and what they computed"
        : "";

    private static string AccessOf(ServeOptions options) => (options.Access, options.LegacyOpen) switch
    {
        (AccessMode.Tokens, true) => "token required, except for the six Node.js-compatible endpoints",
        (AccessMode.Tokens, false) => "token required",
        _ => "open to anyone who can reach the address",
    };

    private static string TokensOf(Coordinator coordinator, ServeOptions options, string address, string? file)
    {
        if (coordinator.LacksAdmin) return $"  There is no admin token yet: {HowToMakeOne(options)}\n";
        if (coordinator.FirstTokens is not { } tokens)
        {
            // A room's pages are opened at this machine's loopback address, which is useless on another machine.
            var outside = options.RoomFolder is null ? address : JoinLink.SiteOf(options, coordinator.Url);
            return
                $"""
                  To make a link for another worker: weft token create --scope work --link --url {outside}
                  If the admin token is lost: {HowToMakeOne(options)}

                """;
        }
        // The fragment of an address stays in the browser: no server and no log sees it.
        var text =
            $"""
              Admin     {tokens.Admin}
              Console   {address}/#token={tokens.Admin}
              Worker    {address}/worker/#token={tokens.Worker}

            """;
        if (file is null)
        {
            return $"    The first tokens of this store. They are shown only this once.\n{Indent(text)}" +
                "    For the command line: export WEFT_TOKEN=…; 'weft token create' makes more.\n";
        }

        return FirstTokensFile.TryWrite(file, text)
            ? $"  The first tokens of this store and their links are in {file}\n  Move the admin token to a safe " +
                $"place and delete the file.\n"
            : $"  The first tokens of this store could not be written to {file}, and are lost: " +
                $"{HowToMakeOne(options)}\n";
    }

    private static string HowToMakeOne(ServeOptions options) => options.Store is null
        ? $"stop the coordinator and make one with weft token create --scope admin --data " +
            $"{Path.GetFullPath(options.Data)}"
        : "with WEFT_STORE set, make one with weft token create --scope admin --store";

    private static string Indent(string lines) =>
        "    " + lines.TrimEnd('\n').Replace("\n", "\n    ", StringComparison.Ordinal) + "\n";
}
