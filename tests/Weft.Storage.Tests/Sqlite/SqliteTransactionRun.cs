using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>Operations within a transaction that the test does more in.</summary>
internal static class SqliteTransactionRun
{
    public static T Run<T>(this SqliteWriteTransaction transaction, StoreOperation<T> operation)
    {
        transaction.Execute(operation);
        return operation.Outcome;
    }

    public static Task<T> RunAsync<T>(this SqliteWriter writer, Admission admission,
        Func<SqliteWriteTransaction, T> decide) =>
        writer.RunAsync(new Operation<T>(decide), admission);

    private sealed class Operation<T>(Func<SqliteWriteTransaction, T> decide) : StoreOperation<T>
    {
        public override void Decide(WriteTransaction transaction) =>
            Outcome = decide((SqliteWriteTransaction)transaction);
    }
}
