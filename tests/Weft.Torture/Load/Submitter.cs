namespace Weft.Torture.Load;

/// <summary>
/// Brings files, and tasks, some of which find one: singly and in batches, with and without keys, on both surfaces. A
/// keyed submit without an answer is repeated.
/// </summary>
internal sealed class Submitter(RecordedApi api, Knowledge known, Random random) : ILoadClient
{
    private const int BatchMax = 12;

    public async Task<bool> StepAsync()
    {
        if (known.TryTakeUnanswered(out var unanswered))
            return await SendAsync(unanswered.Tasks, unanswered.Key, unanswered.IsBatch);
        if (random.Next(8) == 0) return await PushAsync();
        if (random.Next(4) == 0) return await SubmitOldAsync();
        var isBatch = random.Next(3) == 0;
        var tasks = Enumerable.Range(0, isBatch ? random.Next(1, BatchMax + 1) : 1)
            .Select(_ => NewTask.Next(random, known.Group, known.AnyBlob(random))).ToArray();
        return await SendAsync(tasks, random.Next(2) == 0 ? $"key-{Guid.NewGuid():N}" : null, isBatch);
    }

    private async Task<bool> PushAsync()
    {
        if (random.Next(3) == 0 && (known.AnyPush() ?? known.NewPush(random)) is { } push)
        {
            var pushed = await PushPieceAsync(api, known, push, random);
            return !pushed.IsGone;
        }

        var text = BlobText.Next(random);
        var answer = await api.PushAsync(text);
        if (answer.IsOk) known.LearnBlob(BlobText.HashOf(text));
        return !answer.IsGone;
    }

    /// <summary>Goes on with a push.</summary>
    internal static async Task<Answer> PushPieceAsync(RecordedApi api, Knowledge known, LargePush push, Random random)
    {
        var answer = await api.PushPieceAsync(push, push.Next(random));
        if (answer.Status is 200 or 201) known.LearnBlob(push.Hash);
        else known.Unfinished(push);
        return answer;
    }

    private async Task<bool> SubmitOldAsync()
    {
        var answer = await api.SubmitOldAsync(NewTask.NextOddPayload(random));
        if (answer.IsOk) known.Learn(answer.Json.GetProperty("taskId").GetInt64());
        return !answer.IsGone;
    }

    private async Task<bool> SendAsync(NewTask[] tasks, string? key, bool isBatch)
    {
        var answer = isBatch ? await api.SubmitBatchAsync(tasks, key) : await api.SubmitAsync(tasks[0], key);
        if (answer.IsOk)
        {
            var ids = isBatch ? answer.Json.GetProperty("outcomes").EnumerateArray()
                : Enumerable.Repeat(answer.Json, 1);
            foreach (var id in ids) if (id.TryGetProperty("id", out var given)) known.Learn(given.GetInt64());
            // Now and then also what was answered: a client may forget that it was.
            if (key is not null && random.Next(20) == 0) known.Unanswered(tasks, key, isBatch);
        }
        else if (key is not null && !answer.IsRefusedForGood)
        {
            known.Unanswered(tasks, key, isBatch);
        }

        return !answer.IsGone;
    }
}
