namespace Weft.Core;

// Limits of webhooks.
public static partial class Limits
{
    /// <summary>Webhooks in a store: each finished task is compared with all of them.</summary>
    public const int WebhooksMax = 100;

    /// <summary>Webhooks of one submitter.</summary>
    public const int WebhooksOfTokenMax = 5;

    /// <summary>Recorded attempts to send a message, for each webhook.</summary>
    public const int WebhookAttemptsKeptMax = 100;

    /// <summary>The limit up to which pending messages are counted for the metrics.</summary>
    public const int WebhookBacklogCountMax = 100_000;

    /// <summary>How long messages are also signed with a replaced secret.</summary>
    public static readonly TimeSpan WebhookSecretOverlap = TimeSpan.FromHours(24);

    public const int WebhookUrlCharsMax = 2_000;
    public const int WebhookNameCharsMax = 128;
    public const int WebhookQueuesMax = 32;
    public const int WebhookEventsMax = 8;

    /// <summary>Characters kept of the reason why a message was not delivered.</summary>
    public const int WebhookErrorCharsMax = 256;

    /// <summary>
    /// Pending messages of one webhook, approximately; further events of tasks are dropped and counted.
    /// </summary>
    public const int WebhookPendingMax = 10_000;

    /// <summary>The same including finished groups, which are far fewer.</summary>
    public const int WebhookPendingGroupsMax = 20_000;

    /// <summary>Messages that one coordinator sends at once, and those to one webhook.</summary>
    public const int WebhookSendsMax = 16;
    public const int WebhookSendsOfOneMax = 2;

    /// <summary>The same for all webhooks of submitters, and for one submitter.</summary>
    public const int WebhookSendsOfTokensMax = WebhookSendsMax / 2;
    public const int WebhookSendsOfTokenMax = 2;

    /// <summary>Webhook tests that one client may have running, and all clients with one token.</summary>
    public const int WebhookTestsOfClientMax = 2;
    public const int WebhookTestsOfTokenMax = 4;

    /// <summary>How long a receiver may take to answer.</summary>
    public static readonly TimeSpan WebhookTimeMax = TimeSpan.FromSeconds(15);

    /// <summary>How long a coordinator reserves the messages that it is sending: longer than that can take.</summary>
    public static readonly TimeSpan WebhookLeaseTime = TimeSpan.FromSeconds(45);

    /// <summary>How long one webhook's messages are sent in a row before another's turn.</summary>
    public static readonly TimeSpan WebhookTurnTime = TimeSpan.FromSeconds(5);

    /// <summary>A webhook to which nothing could be delivered for this long is disabled.</summary>
    public static readonly TimeSpan WebhookFailingMax = TimeSpan.FromDays(5);

    /// <summary>How often the store is checked for due messages without a signal, and at most with one.</summary>
    public static readonly TimeSpan WebhookLookInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan WebhookLookPause = TimeSpan.FromMilliseconds(100);
}
