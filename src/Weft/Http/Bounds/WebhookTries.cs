using Weft.Core;

namespace Weft.Http.Bounds;

/// <summary>
/// Limits tests of webhooks: each makes the coordinator send a request to an address that its client chose, and holds
/// the client's own request for as long as the receiver takes.
/// </summary>
internal sealed class WebhookTries() : ClientCounts(Limits.WebhookTestsOfClientMax, Limits.WebhookTestsOfTokenMax);
