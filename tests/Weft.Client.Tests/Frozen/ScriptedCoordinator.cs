using System.Net;
using System.Text;

namespace Weft.Client.Tests.Frozen;

/// <summary>Answers every request alike, and keeps the last one.</summary>
internal sealed class ScriptedCoordinator(HttpStatusCode status, string body, Action<HttpResponseMessage>? add = null)
    : HttpMessageHandler
{
    public string? Request { get; private set; }

    public string? RequestBody { get; private set; }

    public string? RequestType { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Request = $"{request.Method} {request.RequestUri}";
        RequestType = request.Content?.Headers.ContentType?.ToString();
        if (request.Content is { } content) RequestBody = await content.ReadAsStringAsync(cancellationToken);
        var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        add?.Invoke(response);
        return response;
    }
}
