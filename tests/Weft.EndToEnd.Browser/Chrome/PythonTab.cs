namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>
/// A coordinator and a tab on one core that runs <c>everything.py</c>, for all tests of a class: a Python starts in
/// seconds.
/// </summary>
public sealed class PythonTab(Chromium chromium) : IAsyncLifetime
{
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(3);

    private Profile? profile;

    internal CoordinatorProcess Coordinator { get; private set; } = null!;

    internal Submitter Submitter { get; private set; } = null!;

    internal Profile Profile => profile!;

    internal string Module { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Coordinator = await CoordinatorProcess.StartNewAsync();
        profile = await Profile.OpenAsync(chromium, Coordinator);
        profile.ExpectedError = "Content Security Policy";
        Submitter = new(Coordinator.Wire);
        Module = await PushAsync(Submitter, await ReadAsync());
        await profile.StartWorkerAsync("?queue=tab", cores: 1);
        await WarmUpAsync(Submitter, Module, "tab");
    }

    public async ValueTask DisposeAsync()
    {
        if (profile is not null) await profile.DisposeAsync();
        await Coordinator.DisposeAsync();
    }

    internal static Task<string> ReadAsync() => File.ReadAllTextAsync(
        Path.Combine(Repository.Root, "tests/Weft.EndToEnd.Browser/Sources/everything.py"),
        TestContext.Current.CancellationToken);

    /// <summary>Waits until an interpreter runs the script: on a busy machine the first one takes its time.</summary>
    internal static async Task WarmUpAsync(Submitter submitter, string module, string queue, string run = "{}")
    {
        var id = await submitter.SubmitAsync(module, "1", run, more: $",\"queue\":\"{queue}\"", attempts: 9);
        await Eventually.SeeAsync("Python starts", () => submitter.LookAsync(id),
            static task => task.GetProperty("state").GetString() == "completed", StartMax);
    }

    internal static Task<string> PushAsync(Submitter submitter, string script) =>
        submitter.PushAsync(System.Text.Encoding.UTF8.GetBytes(script), "text/x-python");

    /// <summary>Submits one to the tab, and waits for its end.</summary>
    internal Task<Finished> RunAsync(string payload, string run = "{}", int attempts = 1) =>
        RunAsync(Module, payload, run, attempts);

    /// <inheritdoc cref="RunAsync(string, string, int)"/>
    internal async Task<Finished> RunAsync(string module, string payload, string run, int attempts) =>
        await Submitter.FinishAsync(
            await Submitter.SubmitAsync(module, payload, run, ",\"queue\":\"tab\"", attempts));
}
