using System.Globalization;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>
/// Webhooks, which need a token with the scope <c>admin</c> where tokens are required, or <c>submit</c> where the
/// coordinator lets submitters have their own.
/// </content>
public sealed partial class WeftClient
{
    /// <summary>Registers a webhook.</summary>
    /// <returns>The webhook with its secret, which is shown only once.</returns>
    /// <exception cref="WeftException"> The webhook was refused: <see cref="ProblemCodes.WebhookAddressRefused"/>,
    /// <see cref="ProblemCodes.TooManyWebhooks"/>.
    /// </exception>
    public Task<Webhook> AddWebhookAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        Api.SendAsync(
            // Sent twice, it would register two webhooks.
            WeftRequest.Post("webhooks", request, WireJson.Default.WebhookRequest) with { IsRepeatable = false },
            WireJson.Default.Webhook, cancellationToken);

    /// <summary>Lists all webhooks, oldest first.</summary>
    public async Task<IReadOnlyList<Webhook>> ListWebhooksAsync(CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(WeftRequest.Get("webhooks"), WireJson.Default.WebhookList, cancellationToken)).Webhooks;

    /// <summary>Reads a webhook.</summary>
    public Task<Webhook> GetWebhookAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Get(WebhookPath(id)), WireJson.Default.Webhook, cancellationToken);

    /// <summary>Deletes a webhook and its pending messages.</summary>
    public Task DeleteWebhookAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Delete(WebhookPath(id)), WireJson.Default.WebhookDeleted, cancellationToken);

    /// <summary>Reactivates a disabled webhook, and sends its pending messages.</summary>
    public Task<Webhook> EnableWebhookAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Post($"{WebhookPath(id)}/enable"), WireJson.Default.Webhook, cancellationToken);

    /// <summary>
    /// Replaces a webhook's secret. For 24 hours, messages are also signed with the old one, so that there is time to
    /// update the receiver.
    /// </summary>
    /// <returns>The webhook with its new secret, which is shown only once.</returns>
    public Task<Webhook> RotateWebhookSecretAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(
            // Sent twice, it would invalidate the secret that the receiver has.
            WeftRequest.Post($"{WebhookPath(id)}/rotate") with { IsRepeatable = false }, WireJson.Default.Webhook,
            cancellationToken);

    /// <summary>Lists the last 100 attempts to send a message to a webhook, newest first.</summary>
    public async Task<IReadOnlyList<WebhookDelivery>> ListWebhookDeliveriesAsync(
        long id, CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(
            WeftRequest.Get($"{WebhookPath(id)}/deliveries"), WireJson.Default.WebhookDeliveryList, cancellationToken))
        .Deliveries;

    /// <summary>Sends an empty test message once, immediately, and reports the outcome.</summary>
    public Task<WebhookTest> TestWebhookAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Post($"{WebhookPath(id)}/test"), WireJson.Default.WebhookTest, cancellationToken);

    private static string WebhookPath(long id) => string.Create(CultureInfo.InvariantCulture, $"webhooks/{id}");
}
