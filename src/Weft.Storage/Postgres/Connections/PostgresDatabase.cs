using Npgsql;
using Weft.Core.Storage;

namespace Weft.Storage.Postgres;

/// <summary>
/// Access to the database: connections to whichever server is the primary, with settings that keep query plans as
/// intended.
/// </summary>
internal static class PostgresDatabase
{
    private const int VersionMin = 130_000;

    // Every statement has its index and is prepared once. Planned on a table that is still empty, a scan or a hash
    // would look cheap and stay in use while the table grows to millions.
    private const string PlannerSettings =
        "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off " +
        "-c enable_hashjoin=off -c enable_mergejoin=off -c jit=off " +
        "-c work_mem=32MB -c default_transaction_isolation=read\\ committed -c client_min_messages=warning";

    // Limits how long a frozen or vanished coordinator holds locks in a transaction: others get them within their own
    // timeouts.
    private const string LockSettings = "-c idle_in_transaction_session_timeout=3000";

    /// <exception cref="StoreException">The connection string can't be read.</exception>
    public static NpgsqlDataSource Open(string connectionString, bool pooled)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            Complete(settings, connectionString);
            settings.Pooling = pooled;
            var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
            builder.EnableArrays();
            builder.EnableTransportSecurity();
            if (pooled)
            {
                builder.UsePhysicalConnectionInitializer(
                    PostgresReplicationBarrier.Wait, PostgresReplicationBarrier.WaitAsync);
            }

            return builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary);
        }
        catch (Exception exception) when (
            exception is ArgumentException or KeyNotFoundException or FormatException or InvalidOperationException
                or NotSupportedException)
        {
            // The driver's message may quote the string, and with it the password.
            throw PostgresErrorClassifier.Unusable(
                "The connection string of the store can't be read: it looks like " +
                "Host=localhost;Database=weft;Username=weft;Password=…",
                exception);
        }
    }

    /// <summary>The store's location, human-readable: hosts and database, nothing secret.</summary>
    public static string Describe(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return $"PostgreSQL {settings.Host}, database {settings.Database ?? settings.Username}";
    }

    /// <exception cref="StoreException">The server is too old.</exception>
    public static void CheckVersion(NpgsqlConnection connection)
    {
        var version = connection.PostgreSqlVersion;
        if (version.Major * 10_000 < VersionMin)
        {
            throw PostgresErrorClassifier.Unusable($"PostgreSQL {version} is too old: 13 or newer is needed");
        }
    }

    /// <summary>
    /// A pooler that drops the start-up settings of a connection also shares it between transactions.
    /// </summary>
    /// <exception cref="StoreException">The connection doesn't have its start-up settings.</exception>
    public static async Task RefusePoolerAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SHOW plan_cache_mode", connection);
        if (await command.ExecuteScalarAsync() is not "force_generic_plan")
        {
            throw PostgresErrorClassifier.Unusable(PostgresErrorClassifier.PoolerBetween);
        }
    }

    private static void Complete(NpgsqlConnectionStringBuilder settings, string connectionString)
    {
        if (string.IsNullOrEmpty(settings.Host)) throw new ArgumentException("No host.", nameof(connectionString));
        // The data source is asked for the primary; the setting would be refused here.
        settings.Remove("Target Session Attributes");
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 1;
        settings.NoResetOnClose = true;
        settings.IncludeErrorDetail = false;
        settings.Options = $"{settings.Options} {PlannerSettings} {LockSettings}".Trim();
        Default(settings, "Maximum Pool Size", 16);
        Default(settings, "Timeout", 3);
        Default(settings, "Command Timeout", 10);
        Default(settings, "Cancellation Timeout", 500);
        // Only with several hosts is it worth remembering which one was down; PostgresConnections decides how soon a
        // single one is tried again.
        Default(settings, "Host Recheck Seconds", settings.Host.Contains(',') ? 1 : 0);
        Default(settings, "Keepalive", 5);
        Default(settings, "Application Name", "weft");
    }

    private static void Default(NpgsqlConnectionStringBuilder settings, string name, object value)
    {
        if (!settings.ShouldSerialize(name)) settings[name] = value;
    }
}
