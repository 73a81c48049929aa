namespace Weft.Storage.Engine;

/// <summary>
/// What this process knows is behind: a row names a lane that another coordinator has made, a lane is missing, a lease
/// that is remembered may be over. The transaction is tried again with what the database says.
/// </summary>
internal sealed class StaleCacheException() : Exception("What is known here of the database is outdated.");
