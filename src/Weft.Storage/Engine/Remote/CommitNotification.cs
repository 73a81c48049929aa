using System.Globalization;
using System.Text;

namespace Weft.Storage.Engine;

/// <summary>
/// The effects of commits between two notifications, for waiters: ready tasks by lane, finished tasks and freed workers
/// by id. As text: <c>SENDER r12:3,14:1 f7,8,9 u4</c>, in as many pieces as PostgreSQL's limit on a notification
/// requires.
/// </summary>
internal sealed class CommitNotification
{
    // A notification carries less than 8,000 bytes; an id has at most 19 digits.
    private const int PieceCharsMax = 7_900;

    private readonly SortedDictionary<long, int> _ready = [];
    private readonly List<long> _finished = [];
    private readonly List<long> _freed = [];

    public bool IsEmpty => _ready.Count == 0 && _finished.Count == 0 && _freed.Count == 0;

    public IEnumerable<KeyValuePair<long, int>> Ready => _ready;

    public IReadOnlyList<long> Finished => _finished;

    public IReadOnlyList<long> Freed => _freed;

    public void AddReady(long lane, int tasks) => _ready[lane] = _ready.GetValueOrDefault(lane) + tasks;

    /// <summary>Adds up to <paramref name="max"/> in all: a poll finds the rest.</summary>
    public void AddFinished(IEnumerable<long> tasks, int max) => Add(_finished, tasks, max);

    /// <summary>Adds up to <paramref name="max"/> in all: the other workers wait for their next claim.</summary>
    public void AddFreed(IEnumerable<long> workers, int max) => Add(_freed, workers, max);

    public string[] ToPieces(string sender)
    {
        var pieces = new List<string>();
        var piece = new StringBuilder(sender);
        Append('r', _ready.Select(static pair =>
            string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}")));
        Append('f', _finished.Select(static id => id.ToString(CultureInfo.InvariantCulture)));
        Append('u', _freed.Select(static id => id.ToString(CultureInfo.InvariantCulture)));
        if (piece.Length > sender.Length) pieces.Add(piece.ToString());
        return [.. pieces];

        void Append(char kind, IEnumerable<string> items)
        {
            var isFirst = true;
            foreach (var item in items)
            {
                if (piece.Length + item.Length + 2 > PieceCharsMax)
                {
                    pieces.Add(piece.ToString());
                    piece.Clear().Append(sender);
                    isFirst = true;
                }

                piece.Append(isFirst ? $" {kind}" : ",").Append(item);
                isFirst = false;
            }
        }
    }

    /// <summary>
    /// Parses a piece; null if it is the reader's own, or not ours: any client of the database can notify.
    /// </summary>
    public static CommitNotification? Parse(string text, string reader)
    {
        var words = text.Split(' ');
        if (words[0] == reader) return null;
        var news = new CommitNotification();
        foreach (var word in words.Skip(1).Where(static word => word.Length > 1))
        {
            foreach (var item in word[1..].Split(','))
            {
                var parts = item.Split(':');
                if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    return null;
                }

                if (word[0] == 'f') news._finished.Add(number);
                else if (word[0] == 'u') news._freed.Add(number);
                else if (parts.Length != 2
                    || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                {
                    return null;
                }
                else news.AddReady(number, count);
            }
        }

        return news;
    }

    private static void Add(List<long> ids, IEnumerable<long> added, int max)
    {
        foreach (var id in added)
        {
            if (ids.Count >= max) return;
            ids.Add(id);
        }
    }
}
