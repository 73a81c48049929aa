using System.Runtime.CompilerServices;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>For those who follow what happens.</content>
public sealed partial class WeftClient
{
    private const string Ping = "ping";

    /// <summary>
    /// Follows what happens at the coordinator, from now on, without end. A connection that breaks is resumed
    /// where it broke; where that can't be done, after a restart of the coordinator or a long time away, there is
    /// first an <see cref="EventNames.Reset"/>: events are missing, so read anew what you have to know. With several
    /// coordinators on one store this is what the one that is asked does itself.
    /// </summary>
    /// <param name="filter">Which events; null: all.</param>
    /// <param name="after">The <see cref="EventInfo.Cursor"/> of the last one seen; null: none.</param>
    /// <exception cref="WeftException">It was refused, or could not be asked for
    /// <see cref="WeftClientOptions.RetryTimeMax"/>.</exception>
    public async IAsyncEnumerable<EventInfo> FollowEventsAsync(EventFilter? filter = null, string? after = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Retries? retries = null;
        for (; ; )
        {
            var path = (filter ?? new()).PathAfter(after);
            await using var events = Api.ReadEventsAsync(path, cancellationToken).GetAsyncEnumerator(cancellationToken);
            for (; ; )
            {
                try
                {
                    if (!await events.MoveNextAsync())
                    {
                        // Streams end now and then. A server that isn't a coordinator might end each at once.
                        await Task.Delay(Api.Options.RetryDelayMin, Time, cancellationToken);
                        break;
                    }
                }
                catch (WeftException failure) when (failure.IsTransient)
                {
                    await (retries ??= new(Api.Options)).WaitAsync(failure, cancellationToken);
                    break;
                }

                retries = null;
                after = events.Current.Cursor ?? after;
                if (events.Current.Event is not (null or Ping)) yield return events.Current;
            }
        }
    }
}
