using System.Net;
using System.Text;
using Weft.Torture.Checking;
using Weft.Torture.Histories;
using Weft.Torture.Load;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Scenarios;

/// <summary>
/// A real disk fills up and gets room again: what operators were promised, step by step, and no task lost by it.
/// </summary>
internal static class FullDiskScenario
{
    private const long DiskBytes = 24 << 20;
    private const int SubmitsMax = 2_000;
    private static readonly TimeSpan RecoveryTimeMax = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(TortureOptions options, Tally tally)
    {
        using var place = new Place(options.Folder);
        await using var disk = await Ext4Disk.CreateAsync(place.Folder, DiskBytes);
        await using var target = new WeftTarget(options.Binary, Path.Combine(disk.MountPoint, "data"));
        var (history, known, violations) = (new History(), new Knowledge(), new List<Violation>());
        if (!await target.StartAsync())
            throw new InvalidOperationException($"The coordinator does not start on a small disk: {target.Printed}");
        using var client = new TortureClient(target.Surface);
        using var http = new HttpClient { BaseAddress = target.Address };
        var api = new RecordedApi(client, history);
        void Expect(bool holds, string promise)
        {
            if (!holds) violations.Add(new("I1", $"Disk full: {promise}. {target.Printed}"));
        }

        for (var i = 0; i < 5; i++) await api.SubmitOldAsync(NewTask.NextPayload(new(i)));
        Fill(Path.Combine(disk.MountPoint, "filler"));
        var refused = await SubmitUntilRefusedAsync(api);
        Expect(refused is { Status: 507 }, $"a submit is answered 507, not {refused.Status}");
        using (var answer = await http.PostAsync("task", new StringContent(new string('x', 100_000), Encoding.UTF8)))
        {
            Expect(answer.StatusCode == HttpStatusCode.InsufficientStorage && answer.Headers.RetryAfter is not null,
                "507 says when to try again");
        }

        Expect((await client.GetAsync("result/1")).IsOk, "reads go on");
        Expect((await client.GetAsync("health/live")).IsOk, "the process is live");
        Expect((await client.GetAsync("health/ready")).Status == 503, "the coordinator is not ready");
        tally.Hit("a real disk full");

        File.Delete(Path.Combine(disk.MountPoint, "filler"));
        Expect(await IsReadyAgainAsync(client), "it recovers by itself when there is room");
        Expect((await api.SubmitOldAsync(NewTask.NextPayload(new(99)))).IsOk, "it takes tasks again");

        await target.KillAsync();
        Expect(await target.StartAsync(), "it starts again");
        var rest = new Rest(target, history, known);
        await rest.CancelUnfinishedAsync();
        violations.AddRange(HistoryChecker.Check(history.Operations, await rest.ReadAsync(cameToRest: true)));
        tally.Add(history, violations, "full-disk");
        Console.WriteLine($"A real disk was full, {violations.Count} violations");
    }

    private static void Fill(string path)
    {
        using var filler = new FileStream(path,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
        var block = new byte[4_096];
        try
        {
            while (true) filler.Write(block);
        }
        catch (IOException)
        {
            // Full: that is what it is for.
        }
    }

    private static async Task<Answer> SubmitUntilRefusedAsync(RecordedApi api)
    {
        var random = new Random(1);
        Answer answer = default;
        for (var i = 0; i < SubmitsMax; i++)
        {
            answer = await api.SubmitOldAsync(NewTask.NextPayload(random));
            if (!answer.IsOk) return answer;
        }

        return answer;
    }

    private static async Task<bool> IsReadyAgainAsync(TortureClient client)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < RecoveryTimeMax)
        {
            if ((await client.GetAsync("health/ready")).IsOk) return true;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return false;
    }
}
