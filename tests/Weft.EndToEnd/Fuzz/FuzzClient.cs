using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Weft.EndToEnd.Fuzz;

/// <summary>
/// One client that asks anything, one request after another, and holds each answer against the document.
/// </summary>
internal sealed class FuzzClient(FuzzDocument document, FuzzMemory memory, HttpClient http, int seed)
{
    private const int InternalError = 500;
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 10_000 };

    private readonly Random random = new(seed);

    /// <summary>How often each status came.</summary>
    public Dictionary<int, int> Statuses { get; } = [];

    /// <exception cref="InvalidOperationException">An answer was not as documented; the message has the
    /// request.</exception>
    public async Task RunAsync(CancellationToken end)
    {
        var values = new FuzzValues(document, memory, random);
        while (!end.IsCancellationRequested)
        {
            var operation = document.Operations[random.Next(document.Operations.Count)];
            var (path, body) = Make(operation, values);
            using var request = new HttpRequestMessage(new(operation.Method), path);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body)
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                };
            }
            if (values.Chance(5)) request.Headers.TryAddWithoutValidation("Idempotency-Key", $"key-{random.Next(20)}");
            await AskAsync(operation, request,
                $"{operation.Method} {path} {(body is null ? "" : Encoding.Latin1.GetString(body))}");
        }
    }

    private static (string Path, byte[]? Body) Make(FuzzOperation operation, FuzzValues values)
    {
        var nasty = values.Chance(30);
        var path = operation.Path;
        var query = new StringBuilder();
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In is "path"
            || (parameter.In is "query" && values.Chance(50))))
        {
            var text = values.Parameter(parameter, nasty && values.Chance(50));
            // An empty or dotted segment is another path, and one with NUL is none: the web server itself refuses it.
            if (parameter.In is "path" && (text.Trim('.').Length == 0 || text.Contains('\0', StringComparison.Ordinal)))
            {
                text = "0";
            }
            if (parameter.In is "path")
            {
                path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(text), StringComparison.Ordinal);
            }
            else
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(parameter.Name).Append('=')
                    .Append(Uri.EscapeDataString(text));
            }
        }

        if (operation.Body is null) return (path + query, null);
        var json = values.Json(operation.Body, "");
        return (path + query, nasty ? values.Spoil(json) : Encoding.UTF8.GetBytes(json));
    }

    private async Task AskAsync(FuzzOperation operation, HttpRequestMessage request, string what)
    {
        using var response = await SendAsync(request, what);
        // A stream of events has no end.
        var bytes = response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? []
            : await response.Content.ReadAsByteArrayAsync();
        var status = (int)response.StatusCode;
        Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
        var text = Encoding.UTF8.GetString(bytes);
        if (!operation.Codes.TryGetValue(status, out var codes)) throw Wrong("a status that is not documented");
        if (status == InternalError) throw Wrong("a bug");
        if (status < 400) Note();
        else if (operation.IsApi) CheckProblem();
        else if (status != 503 && !ParseAnswer().TryGetProperty("error", out _))
        {
            throw Wrong("an error without its text");
        }

        void CheckProblem()
        {
            var problem = ParseAnswer();
            if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            {
                throw Wrong("a problem of another type");
            }
            if (problem.GetProperty("status").GetInt32() != status || problem.GetProperty("title")
                .GetString() is not { Length: > 0 })
            {
                throw Wrong("a malformed problem");
            }
            if (!codes.Contains(problem.GetProperty("code").GetString()!))
            {
                throw Wrong("a code that is not documented here");
            }
            if (bytes.Length > 2_000) throw Wrong("a problem that repeats what was sent");
        }

        void Note()
        {
            if (operation.IsApi && response.Content.Headers.ContentType?.MediaType == "application/json")
            {
                memory.Note(operation, ParseAnswer());
            }
        }

        JsonElement ParseAnswer()
        {
            try
            {
                using var parsed = JsonDocument.Parse(bytes, AnyDepth);
                return parsed.RootElement.Clone();
            }
            catch (JsonException)
            {
                throw Wrong("an answer that is not JSON");
            }
        }

        InvalidOperationException Wrong(string why) =>
            new($"Seed {seed}: {why}.\n{Cut(what)}\nanswered {status} {Cut(text)}");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string what)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            throw new InvalidOperationException($"Seed {seed}: no answer.\n{Cut(what)}\n{exception.Message}",
                exception);
        }
    }

    private static string Cut(string text) => text.Length > 3_000 ? text[..3_000] + "…" : text;
}
