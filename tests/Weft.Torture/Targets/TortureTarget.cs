using Weft.Torture.Load;

namespace Weft.Torture.Targets;

/// <summary>
/// What is tortured: something at an address that can be started, stopped, killed and checked. Scenarios and faults
/// know no more of it, so another store is another target.
/// </summary>
internal abstract class TortureTarget : IAsyncDisposable
{
    public abstract Uri Address { get; }

    /// <summary>What clients see of it.</summary>
    public virtual Surface Surface => new([Address]);

    /// <summary>Gives the next start more flags, instead of those that it had.</summary>
    public abstract void Configure(params string[] options);

    /// <summary>The load is over: what only clients under load should meet ends.</summary>
    public virtual void ComeToRest()
    {
    }

    /// <summary>Whether all of it runs, and has since the last start.</summary>
    public abstract bool IsRunning { get; }

    /// <summary>What it printed lately, for a report.</summary>
    public abstract string Printed { get; }

    /// <summary>Starts it and waits until it serves. False: it ended instead, as a fault may make it.</summary>
    public abstract Task<bool> StartAsync();

    /// <summary>kill -9, and waits for the end.</summary>
    public abstract Task KillAsync();

    /// <summary>Stops it in good order.</summary>
    /// <returns>The exit code.</returns>
    public abstract Task<int> StopAsync();

    /// <summary>Waits for an end that a fault brings about.</summary>
    /// <returns>The exit code; null: it still runs.</returns>
    public abstract Task<int?> EndAsync(TimeSpan max);

    /// <summary>Halts every thread of it until <see cref="Thaw"/>.</summary>
    public abstract void Freeze();

    public abstract void Thaw();

    /// <summary>Checks the store while nobody runs; empty when it is sound.</summary>
    public abstract Task<IReadOnlyList<string>> CheckAsync();

    public abstract ValueTask DisposeAsync();
}
