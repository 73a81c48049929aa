using System.Net;
using Weft.CommandLine;

namespace Weft.Serve;

/// <summary>
/// The settings that decide whether tokens are required. A coordinator that only this machine can reach is open; any
/// other requires tokens, and is open only with an explicit <c>--open</c>.
/// </summary>
internal static class AccessSettings
{
    public static IReadOnlyList<Setting<ServeOptions>> All { get; } =
    [
        new Setting<ServeOptions, AccessMode>("access",
            "Who may connect: anyone (open), or only clients with a token (tokens) [default: open on loopback, " +
            "tokens on the network]", null,
            static text => (text is "open" or "tokens", text == "open" ? AccessMode.Open : AccessMode.Tokens),
            "open or tokens", static (options, value) => options.Access = value),
        new FlagSetting<ServeOptions>("open", "Require no token, even on network addresses",
            static (options, value) => options.Open = value),
        new FlagSetting<ServeOptions>("legacy-open", "Require no token for the six Node.js-compatible endpoints",
            static (options, value) => options.LegacyOpen = value),
    ];

    /// <summary>Sets the options that were left open.</summary>
    /// <exception cref="CommandFailure">The coordinator would be open to the network without an explicit
    /// --open.</exception>
    public static void Complete(ServeOptions options)
    {
        if (options.Open && options.Access == AccessMode.Tokens)
            throw new CommandFailure("--open and --access tokens contradict each other: give only one of them.");
        var isReached = IsReachedFromOutside(options);
        if (options.Access == AccessMode.Open && isReached && !options.Open)
        {
            throw new CommandFailure(
                $"Listening on {options.Host} without tokens would give access to anyone who can reach it. Leave " +
                $"out --access open (an admin token is created at the first start), or add --open if that is what " +
                $"you want.");
        }

        options.Access ??= isReached && !options.Open ? AccessMode.Tokens : AccessMode.Open;
        options.AllowPythonModules ??= options.Access == AccessMode.Open && !isReached;
    }

    // With a public name or a proxy, requests from this machine's own address may come from the network.
    private static bool IsReachedFromOutside(ServeOptions options) =>
        !IPAddress.IsLoopback(IPAddress.Parse(options.Host)) || options.Network.PublicNames.Count > 0
            || options.Network.TrustedProxies.Count > 0;
}
