using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// The sets of files that new tasks name: whether their blobs exist and may be used; and which sets are not stored yet.
/// </summary>
internal sealed class FileSetLook(IEnumerable<FileSet> sets, TokenId? owner)
{
    private const long Anybody = -1;

    private readonly Dictionary<long, FileSet> _sets = Distinct(sets);
    private readonly HashSet<long> _known = [];
    private readonly HashSet<string> _found = new(StringComparer.Ordinal);

    /// <summary>Null, or why nothing may be stored.</summary>
    public SubmitStatus? Refusal { get; private set; }

    public void Query(IStatements statements)
    {
        foreach (var set in _sets.Values)
        {
            statements.Query(StoreSql.SelectFileSet, row =>
            {
                if (row.Text(0) != set.Hash.ToString()) Refusal = SubmitStatus.BlobNotFound;
                if (row.Long(1) == CountBlobs(set)) _known.Add(set.Id);
            }).With(set.Id);
            foreach (var blob in set.Files.Select(static file => file.Blob.ToString()).Distinct())
            {
                statements.Query(StoreSql.SelectNameableBlob, _ => _found.Add(blob))
                    .With(blob)
                    .With(owner?.Value ?? Anybody);
            }
        }
    }

    /// <summary>Call once the planned data is available.</summary>
    public void Decide()
    {
        if (_sets.Values.Any(set => set.Files.Any(file => !_found.Contains(file.Blob.ToString()))))
        {
            Refusal = SubmitStatus.BlobNotFound;
        }
    }

    /// <summary>Stores the sets that are not stored yet.</summary>
    public void Store(WriteTransaction transaction)
    {
        foreach (var set in _sets.Values.Where(set => !_known.Contains(set.Id)))
        {
            transaction.Write(statements => Insert(statements, set));
        }
    }

    /// <summary>Stores a set, unless it exists.</summary>
    public static void Insert(IStatements statements, FileSet set)
    {
        statements.Run(StoreSql.InsertFileSet).With(set.Id).With(set.Hash.ToString()).With(set.Json);
        foreach (var file in set.Files)
        {
            statements.Run(StoreSql.InsertFileSetBlob).With(set.Id).With(file.Blob.ToString());
        }
    }

    private static int CountBlobs(FileSet set) => set.Files.Select(static file => file.Blob).Distinct().Count();

    private static Dictionary<long, FileSet> Distinct(IEnumerable<FileSet> sets)
    {
        var distinct = new Dictionary<long, FileSet>();
        foreach (var set in sets) distinct[set.Id] = set;
        return distinct;
    }
}
