using System.Net;

namespace Weft.Background;

/// <summary>Where webhooks may be sent.</summary>
public sealed class WebhookOptions
{
    /// <summary>Whether plain http is allowed. Default: only https.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// Whether tokens with the scope submit may have webhooks, for events of their own tasks and groups. Default: only
    /// admins.
    /// </summary>
    public bool ForSubmitters { get; set; }

    /// <summary>Allowed networks that are not on the public internet. Default: none.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; set; } = [];
}
