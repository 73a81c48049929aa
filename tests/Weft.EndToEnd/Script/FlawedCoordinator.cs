using System.Net;

namespace Weft.EndToEnd.Script;

/// <summary>An answer on its way to the client, for a flaw to be put into it.</summary>
internal sealed record PassedAnswer(string Method, string Path, Dictionary<string, string> Headers)
{
    public required int Status { get; set; }

    public required string Body { get; set; }
}

/// <summary>
/// The negative control: a real coordinator seen through a proxy that spoils one thing. A check that passes here too
/// would check nothing.
/// </summary>
internal sealed class FlawedCoordinator : IAsyncDisposable
{
    private readonly Uri target;
    private readonly Action<PassedAnswer> flaw;
    private readonly HttpListener listener = new();
    private readonly HttpClient http = new();
    private readonly Task serving;

    public FlawedCoordinator(Uri target, Action<PassedAnswer> flaw)
    {
        this.target = target;
        this.flaw = flaw;
        Address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        serving = ServeAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        listener.Abort();
        await serving;
        http.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            await PassAsync(context);
        }
    }

    private async Task PassAsync(HttpListenerContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod),
            new Uri(target, context.Request.RawUrl));
        if (context.Request.HasEntityBody) request.Content = new StreamContent(context.Request.InputStream);
        if (context.Request.Headers["Origin"] is { } origin) request.Headers.Add("Origin", origin);
        using var response = await http.SendAsync(request);

        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value));
        var answer = new PassedAnswer(request.Method.Method, request.RequestUri!.AbsolutePath, headers)
        {
            Status = (int)response.StatusCode,
            Body = await response.Content.ReadAsStringAsync(),
        };
        flaw(answer);
        Send(context.Response, answer);
    }

    private static void Send(HttpListenerResponse response, PassedAnswer answer)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            if (name is not ("Content-Length" or "Transfer-Encoding" or "Date" or "Server" or "Connection"))
            {
                response.AddHeader(name, value);
            }
        response.Close(System.Text.Encoding.UTF8.GetBytes(answer.Body), willBlock: false);
    }
}
