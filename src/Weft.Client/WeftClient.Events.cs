using System.Runtime.CompilerServices;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>Follow events.</content>
public sealed partial class WeftClient
{
    private const string Ping = "ping";

    /// <summary>
    /// Follows the coordinator's events, from now on, without end. An interrupted connection is resumed where it
    /// stopped. If that isn't possible, after a restart of the coordinator or a long disconnection, the next event is
    /// <see cref="EventNames.Reset"/>: events are missing, so reload the state that you depend on. If several
    /// coordinators share a store, only the events of the connected one are followed.
    /// </summary>
    /// <param name="filter">Which events; null: all.</param>
    /// <param name="after">The <see cref="EventInfo.Cursor"/> of the last event seen; null for none.</param>
    /// <exception cref="WeftException">The request was refused, or the coordinator could not be reached for
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
                        // Streams end now and then. A server that isn't a coordinator might end each of them at once.
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
