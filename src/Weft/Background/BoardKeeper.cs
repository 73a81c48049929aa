using Weft.Core.Storage;
using Weft.Core.UseCases;

namespace Weft.Background;

/// <summary>Reads the board before the first request, and stores at a stop what was counted since.</summary>
internal sealed class BoardKeeper(NameBoard board) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => board.StoreAsync();

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await board.StoreAsync().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is StoreException or OperationCanceledException)
        {
            // A few seconds' thanks: nothing that a stop waits for.
        }
    }
}
