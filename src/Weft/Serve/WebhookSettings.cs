using System.Net;
using Weft.CommandLine;

namespace Weft.Serve;

/// <summary>The settings of webhooks.</summary>
internal static class WebhookSettings
{
    public static IReadOnlyList<Setting<ServeOptions>> All { get; } =
    [
        new FlagSetting<ServeOptions>(
            "webhook-http", "Allow webhooks over plain http [default: https only]",
            static (options, value) => options.Webhooks.AllowHttp = value),
        new FlagSetting<ServeOptions>(
            "webhooks-for-submitters",
            "Let tokens with the scope submit have webhooks for their own tasks and groups [default: admins only]",
            static (options, value) => options.Webhooks.ForSubmitters = value),
        new Setting<ServeOptions, IReadOnlyList<IPNetwork>>(
            "webhook-allow",
            "Private networks that webhooks may be sent to, such as 10.0.0.0/8 or 127.0.0.1; comma-separated [default: "
                + "none, only public addresses]",
            null, static text => NetworkSettings.ReadList(text, NetworkSettings.ReadNetwork), "an address or a network",
            static (options, value) => options.Webhooks.AllowedNetworks = value),
    ];
}
