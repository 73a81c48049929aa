namespace Weft.Core;

// Bounds of webhooks.
public static partial class Limits
{
    /// <summary>Webhooks of a store: each finish is compared with all of them.</summary>
    public const int WebhooksMax = 100;

    /// <summary>Webhooks of one submitter among them.</summary>
    public const int WebhooksOfTokenMax = 5;

    /// <summary>Attempts to send something that are kept of each webhook.</summary>
    public const int WebhookAttemptsKeptMax = 100;

    /// <summary>What waits for webhooks is counted up to this for the metrics.</summary>
    public const int WebhookBacklogCountMax = 100_000;

    /// <summary>How long a secret that was replaced signs, too.</summary>
    public static readonly TimeSpan WebhookSecretOverlap = TimeSpan.FromHours(24);

    public const int WebhookUrlCharsMax = 2_000;
    public const int WebhookNameCharsMax = 128;
    public const int WebhookQueuesMax = 32;
    public const int WebhookEventsMax = 8;

    /// <summary>Characters that are kept of why something did not arrive.</summary>
    public const int WebhookErrorCharsMax = 256;

    /// <summary>
    /// What may wait to be sent to one webhook, about; events of tasks past this are dropped and counted.
    /// </summary>
    public const int WebhookPendingMax = 10_000;

    /// <summary>The same with finished groups, which are far fewer.</summary>
    public const int WebhookPendingGroupsMax = 20_000;

    /// <summary>Messages that one coordinator sends at once, and those to one webhook among them.</summary>
    public const int WebhookSendsMax = 16;
    public const int WebhookSendsOfOneMax = 2;

    /// <summary>Of those, the ones to webhooks of submitters, and of one of these.</summary>
    public const int WebhookSendsOfTokensMax = WebhookSendsMax / 2;
    public const int WebhookSendsOfTokenMax = 2;

    /// <summary>Tries of webhooks that one client may have open, and all clients with one token.</summary>
    public const int WebhookTestsOfClientMax = 2;
    public const int WebhookTestsOfTokenMax = 4;

    /// <summary>How long a receiver may take to answer.</summary>
    public static readonly TimeSpan WebhookTimeMax = TimeSpan.FromSeconds(15);

    /// <summary>How long what is being sent is one coordinator's: longer than it can take.</summary>
    public static readonly TimeSpan WebhookLeaseTime = TimeSpan.FromSeconds(45);

    /// <summary>How long one webhook's messages are sent in a row before another's turn.</summary>
    public static readonly TimeSpan WebhookTurnTime = TimeSpan.FromSeconds(5);

    /// <summary>A webhook that nothing has reached for this long is disabled.</summary>
    public static readonly TimeSpan WebhookFailingMax = TimeSpan.FromDays(5);

    /// <summary>
    /// How often the store is asked what is due while nothing says that something is, and how often at most.
    /// </summary>
    public static readonly TimeSpan WebhookLookInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan WebhookLookPause = TimeSpan.FromMilliseconds(100);
}
