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
    /// <returns>With its secret, which nobody is shown again.</returns>
    /// <exception cref="WeftException">
    /// It was refused: <see cref="ProblemCodes.WebhookAddressRefused"/>, <see cref="ProblemCodes.TooManyWebhooks"/>.
    /// </exception>
    public Task<Webhook> AddWebhookAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        Api.SendAsync(
            // Sent twice it would be two webhooks.
            WeftRequest.Post("webhooks", request, WireJson.Default.WebhookRequest) with { IsRepeatable = false },
            WireJson.Default.Webhook, cancellationToken);

    /// <summary>Lists all webhooks, the oldest first.</summary>
    public async Task<IReadOnlyList<Webhook>> ListWebhooksAsync(CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(WeftRequest.Get("webhooks"), WireJson.Default.WebhookList, cancellationToken)).Webhooks;

    /// <summary>Reads a webhook.</summary>
    public Task<Webhook> GetWebhookAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Get(WebhookPath(id)), WireJson.Default.Webhook, cancellationToken);

    /// <summary>Deletes a webhook, and what waits to be sent to it.</summary>
    public Task DeleteWebhookAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Delete(WebhookPath(id)), WireJson.Default.WebhookDeleted, cancellationToken);

    /// <summary>Makes a webhook that was disabled active, and sends what waits for it.</summary>
    public Task<Webhook> EnableWebhookAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Post($"{WebhookPath(id)}/enable"), WireJson.Default.Webhook, cancellationToken);

    /// <summary>
    /// Gives a webhook a new secret; for 24 hours messages are signed with the old one, too, so that the receiver can
    /// be changed meanwhile.
    /// </summary>
    /// <returns>With its new secret, which nobody is shown again.</returns>
    public Task<Webhook> RotateWebhookSecretAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(
            // Sent twice, the secret that the receiver has would sign no more.
            WeftRequest.Post($"{WebhookPath(id)}/rotate") with { IsRepeatable = false }, WireJson.Default.Webhook,
            cancellationToken);

    /// <summary>Lists the last 100 attempts to send a message to a webhook, the newest first.</summary>
    public async Task<IReadOnlyList<WebhookDelivery>> ListWebhookDeliveriesAsync(
        long id, CancellationToken cancellationToken = default) =>
        (await Api.SendAsync(
            WeftRequest.Get($"{WebhookPath(id)}/deliveries"), WireJson.Default.WebhookDeliveryList, cancellationToken))
        .Deliveries;

    /// <summary>Sends a message that tells of nothing, once and at once, and says how that went.</summary>
    public Task<WebhookTest> TestWebhookAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Post($"{WebhookPath(id)}/test"), WireJson.Default.WebhookTest, cancellationToken);

    private static string WebhookPath(long id) => string.Create(CultureInfo.InvariantCulture, $"webhooks/{id}");
}
