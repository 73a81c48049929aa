using Weft.Core;

namespace Weft.Http.Bounds;

/// <summary>
/// Tries of webhooks: each makes the coordinator send a request to an address that its client chose, and holds the
/// client's own for as long as the receiver likes.
/// </summary>
internal sealed class WebhookTries() : ClientCounts(Limits.WebhookTestsOfClientMax, Limits.WebhookTestsOfTokenMax);
