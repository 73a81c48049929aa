using System.Text;
using System.Text.Unicode;
using Weft.Bench.Http;

namespace Weft.Bench.Load;

/// <summary>
/// One connection that plays the main program and a worker: submit, claim, complete, read the result; each answer
/// checked.
/// </summary>
internal sealed class CycleClient(HttpConnection connection, int worker, ClaimLedger ledger, LoadTally tally,
    bool mayWait = false)
{
    /// <summary>The task of the old clients: two matrices, each as a string.</summary>
    public const string Matrices = """{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,8]]"}""";

    private const string Product = """{"result":"[[19,22],[43,50]]"}""";
    private static readonly byte[] SubmitRequest = HttpRequest.Post("/task", Matrices);
    private static readonly byte[] MatricesBytes = Encoding.UTF8.GetBytes(Matrices);
    // There is a task for everybody who asks; but with several coordinators others may hold locks on all that one of
    // them can see.
    private readonly byte[] claimRequest =
        HttpRequest.Get($"/task/next?workerId=w{worker}{(mayWait ? "&wait=10" : "")}");
    private readonly byte[] scratch = new byte[512];

    /// <summary>
    /// A step that goes wrong ends its cycle: what would follow could not be checked. Never counted as a cycle.
    /// </summary>
    public async ValueTask CycleAsync()
    {
        if (!await SubmitAsync()) return;
        // The oldest task, so with several connections seldom the one just submitted; whoever claims it, finishes it.
        if (await ClaimAsync() is not { } taskId) return;
        if (!await CompleteAsync(taskId)) return;
        if (await ReadResultAsync(taskId)) tally.Cycles++;
    }

    /// <summary>Submits one task and leaves it waiting.</summary>
    public async ValueTask<bool> SubmitAsync()
    {
        var answer = await tally.TimeAsync(connection, SubmitRequest);
        return answer.Status == 200 && TaskAnswer.Parse(answer.Body.Span).TaskId > 0 || Refuse("POST /task", answer);
    }

    private async ValueTask<long?> ClaimAsync()
    {
        var answer = await tally.TimeAsync(connection, claimRequest);
        if (answer.Status == 200 && Claimed(answer.Body.Span) is { } taskId) return taskId;
        Refuse("GET /task/next (wrong, or handed out before)", answer);
        return null;
    }

    private long? Claimed(ReadOnlySpan<byte> body)
    {
        var task = TaskAnswer.Parse(body);
        return task.Data.SequenceEqual(MatricesBytes) && ledger.TryAdd(task.TaskId) ? task.TaskId : null;
    }

    private async ValueTask<bool> CompleteAsync(long taskId)
    {
        Utf8.TryWrite(scratch,
            $"POST /task/{taskId}/result HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " +
            $"application/json\r\nContent-Length: {Product.Length}\r\n\r\n{Product}", out var length);
        var answer = await tally.TimeAsync(connection, scratch.AsMemory(0, length));
        return answer.Status == 200 && TaskAnswer.Parse(answer.Body.Span).Status.SequenceEqual("\"success\""u8)
            || Refuse("POST /task/{id}/result", answer);
    }

    private async ValueTask<bool> ReadResultAsync(long taskId)
    {
        Utf8.TryWrite(scratch, $"GET /result/{taskId} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", out var length);
        var answer = await tally.TimeAsync(connection, scratch.AsMemory(0, length));
        return answer.Status == 200 && IsProductOf(taskId, answer.Body.Span) || Refuse($"GET /result/{taskId}", answer);
    }

    private static bool IsProductOf(long taskId, ReadOnlySpan<byte> body)
    {
        var task = TaskAnswer.Parse(body);
        return task.TaskId == taskId
            && task.Status.SequenceEqual("\"completed\""u8)
            && task.Result.SequenceEqual("\"[[19,22],[43,50]]\""u8);
    }

    private bool Refuse(string request, HttpAnswer answer)
    {
        tally.AddBad(request, answer);
        return false;
    }
}
