using System.Net;
using Weft.Cli;

namespace Weft.Serve;

/// <summary>
/// The settings that decide who is let in. A coordinator that only this machine reaches is open; any other requires tokens,
/// and is open only when <c>--open</c> says so in so many words.
/// </summary>
internal static class AccessSettings
{
    public static IReadOnlyList<Setting<ServeOptions>> All { get; } =
    [
        new Setting<ServeOptions, AccessMode>("access", "Who is let in: everybody (open), or those with a token (tokens); open on this machine's own addresses, tokens on others", null,
            static text => (text is "open" or "tokens", text == "open" ? AccessMode.Open : AccessMode.Tokens),
            "open or tokens", static (options, value) => options.Access = value),
        new FlagSetting<ServeOptions>("open", "Let everybody in without a token, on network addresses too", static (options, value) => options.Open = value),
        new FlagSetting<ServeOptions>("legacy-open", "Let clients without tokens use the six endpoints of old clients", static (options, value) => options.LegacyOpen = value),
    ];

    /// <summary>Decides what was left open.</summary>
    /// <exception cref="CommandFailure">Everybody would be let in from the network, and nobody has said that this is meant.</exception>
    public static void Complete(ServeOptions options)
    {
        if (options.Open && options.Access == AccessMode.Tokens) throw new CommandFailure("--open lets everybody in and --access tokens doesn't: say one of them.");
        var isReached = IsReachedFromOutside(options);
        if (options.Access == AccessMode.Open && isReached && !options.Open)
        {
            throw new CommandFailure(
                $"Listening on {options.Host} without tokens would let in whoever reaches it: leave out --access open, and an admin token is made at the first start; or add --open if that is what you want.");
        }

        options.Access ??= isReached && !options.Open ? AccessMode.Tokens : AccessMode.Open;
    }

    // A public name or a proxy says that what comes from this machine's own address comes from the network.
    private static bool IsReachedFromOutside(ServeOptions options) =>
        !IPAddress.IsLoopback(IPAddress.Parse(options.Host)) || options.Network.PublicNames.Count > 0 || options.Network.TrustedProxies.Count > 0;
}
