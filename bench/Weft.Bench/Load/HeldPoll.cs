using System.Text.Json;
using Weft.Bench.Http;

namespace Weft.Bench.Load;

/// <summary>A worker's claim that the server holds until there is a task, or the wait is over.</summary>
internal static class HeldPoll
{
    private static readonly byte[] Nothing = """{"tasks":[]}"""u8.ToArray();

    public static byte[] Request(int worker, TimeSpan wait) =>
        HttpRequest.Post("/api/v1/tasks/claim",
            FormattableString.Invariant($$"""{"workerId":"w{{worker}}","wait":{{wait.TotalSeconds:0.000}}}"""));

    public static bool IsEmpty(HttpAnswer answer) => answer.Status == 200 && answer.Body.Span.SequenceEqual(Nothing);

    /// <summary>The one task of the answer; null where it is anything else.</summary>
    public static (long Id, long Payload)? TaskOf(HttpAnswer answer)
    {
        if (answer.Status != 200) return null;
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            var tasks = json.RootElement.GetProperty("tasks");
            return tasks.GetArrayLength() == 1
                ? (tasks[0].GetProperty("id").GetInt64(), tasks[0].GetProperty("payload").GetInt64()) : null;
        }
        catch (Exception wrong)
            when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
