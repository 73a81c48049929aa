using System.Net;

namespace Weft.Background;

/// <summary>Where webhooks may be sent.</summary>
public sealed class WebhookOptions
{
    /// <summary>Whether they may be sent over plain http. Default: only https.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// Whether tokens of the scope submit may have webhooks, which tell of their own tasks and groups. Default: admins
    /// alone.
    /// </summary>
    public bool ForSubmitters { get; set; }

    /// <summary>Networks that are not on the public internet, but allowed. Default: none.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; set; } = [];
}
