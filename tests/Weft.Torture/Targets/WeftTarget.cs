using Weft.Torture.Load;

namespace Weft.Torture.Targets;

/// <summary>The published binary over a data folder of its own.</summary>
internal sealed class WeftTarget : TortureTarget
{
    private readonly string _binary;
    private readonly WeftProcess _process;
    private string? _token;

    /// <param name="binary">The <c>weft</c> to start.</param>
    /// <param name="data">Its data folder, made when it doesn't exist.</param>
    /// <param name="shim">Stands between it and the system; null for nothing.</param>
    /// <param name="options">More flags of <c>weft serve</c>.</param>
    public WeftTarget(string binary, string data, Shim? shim = null, params string[] options)
    {
        _binary = binary;
        Data = data;
        Shim = shim;
        _process = new(binary, ["--data", data, .. options], variables => shim?.Describe(variables, data));
    }

    public string Data { get; }

    public Shim? Shim { get; }

    public override Uri Address => _process.Address;

    public override Surface Surface => base.Surface with { Token = _token };

    /// <summary>
    /// Makes an admin's token in the folder, before the first start, for a coordinator that requires them.
    /// </summary>
    public async Task MakeTokenAsync()
    {
        var (exitCode, output) = await Tool.RunAsync(_binary, "token", "create", "--scope", "admin", "--data", Data);
        _token = output.Split('\n').SingleOrDefault(static line => line.StartsWith("weft_", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"weft token create ended with {exitCode}: {output}");
    }

    public override void Configure(params string[] options) => _process.MoreOptions = options;

    public override bool IsRunning => _process.IsRunning;

    public override string Printed => _process.Printed;

    public override Task<bool> StartAsync() => _process.StartAsync();

    public override Task KillAsync() => _process.KillAsync();

    public override Task<int> StopAsync() => _process.StopAsync();

    public override Task<int?> EndAsync(TimeSpan max) => _process.EndAsync(max);

    public override void Freeze() => _process.Freeze();

    public override void Thaw() => _process.Thaw();

    public override async Task<IReadOnlyList<string>> CheckAsync()
    {
        var (exitCode, output) = await Tool.RunAsync(_binary, "check", "--data", Data);
        return exitCode == 0 ? [] : output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public override async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Shim?.Dispose();
    }
}
