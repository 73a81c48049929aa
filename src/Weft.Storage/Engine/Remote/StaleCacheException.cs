namespace Weft.Storage.Engine;

/// <summary>
/// This process's cached data is stale: a row names a lane that another coordinator has created, a lane is missing, or
/// a cached lease may have ended. The transaction is retried with data from the database.
/// </summary>
internal sealed class StaleCacheException() : Exception("The cached data about the database is outdated.");
