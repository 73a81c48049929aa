using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Weft.Core.Webhooks;

/// <summary>
/// A webhook's secret and how it signs messages: Standard Webhooks 1.0.0
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
/// </summary>
public static class WebhookSecret
{
    public const int Bytes = 32;

    /// <summary>Lets people and secret scanners recognize a secret.</summary>
    private const string Prefix = "whsec_";

    public static byte[] Create() => RandomNumberGenerator.GetBytes(Bytes);

    /// <summary>The form for the receiver: <c>whsec_</c> and base64.</summary>
    public static string Write(ReadOnlyMemory<byte> secret) => Prefix + Convert.ToBase64String(secret.Span);

    /// <summary>
    /// The value of <c>webhook-signature</c>: <c>v1,</c> and the base64 of the HMAC-SHA256 of id, time and body,
    /// separated by dots.
    /// </summary>
    /// <param name="secret">The secret's bytes.</param>
    /// <param name="id">The <c>webhook-id</c>: without a dot.</param>
    /// <param name="sentAt">The <c>webhook-timestamp</c>, in whole seconds.</param>
    /// <param name="body">As it is sent.</param>
    public static string Sign(ReadOnlySpan<byte> secret, string id, DateTimeOffset sentAt, string body)
    {
        var signed = $"{id}.{TimestampOf(sentAt)}.{body}";
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(signed)))}";
    }

    /// <summary>
    /// The signatures with each currently valid secret, separated by spaces: a receiver needs to know only one of them.
    /// </summary>
    public static string Sign(StoredWebhook webhook, string id, DateTimeOffset sentAt, string body)
    {
        var signature = Sign(webhook.Secret.Span, id, sentAt, body);
        return webhook.Old is var (secret, until) && sentAt < until
            ? $"{signature} {Sign(secret.Span, id, sentAt, body)}"
            : signature;
    }

    /// <summary>The value of <c>webhook-timestamp</c>: seconds since 1970 UTC.</summary>
    public static string TimestampOf(DateTimeOffset sentAt) =>
        sentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
