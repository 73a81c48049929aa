using Weft.Core.Storage;
using Weft.Core.UseCases;

namespace Weft.Background;

/// <summary>
/// Loads the board before the first request, and stores the counts since then when the coordinator stops.
/// </summary>
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
            // The counts of a few seconds: a stop doesn't wait for them.
        }
    }
}
