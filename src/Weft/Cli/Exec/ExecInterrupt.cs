using System.Runtime.InteropServices;

namespace Weft.Cli.Exec;

/// <summary>
/// The first Ctrl+C, SIGTERM or closed terminal lets running tasks finish, the second one stops them, the third one
/// ends the process at once.
/// </summary>
internal sealed class ExecInterrupt : IDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly PosixSignalRegistration[] _signals;

    public ExecInterrupt() =>
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal =>
            PosixSignalRegistration.Create(signal, Stop))];

    public CancellationToken Drain => _drain.Token;

    public CancellationToken Kill => _kill.Token;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _drain.Dispose();
        _kill.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (_kill.IsCancellationRequested) return;
        context.Cancel = true;
        if (_drain.IsCancellationRequested)
        {
            _kill.Cancel();
            return;
        }

        Console.Error.WriteLine(
            "weft: Finishing running tasks. Press Ctrl+C again to stop them and release their leases.");
        _drain.Cancel();
    }
}
