namespace Weft.Storage.Engine;

/// <summary>
/// The statements of an engine behind a network, each about many rows at once. Statements that lock do so in the order
/// of ids, so that no two transactions wait for each other; tasks are read as <see cref="LockedTask.Columns"/>.
/// </summary>
internal abstract class RemoteSql : EngineSql
{
    public abstract string Begin { get; }
    public abstract string Commit { get; }

    /// <summary>Lets the commit of this transaction wait neither for the disk nor for the standby.</summary>
    public abstract string CommitWithoutSync { get; }

    /// <summary>Makes the commit wait for the standby even if nothing else is written.</summary>
    public abstract string ReplicationBarrier { get; }

    /// <summary>The time, and whether anybody owns tasks.</summary>
    public abstract string SelectNow { get; }

    /// <summary>
    /// The same, the newest lane, the paused queues, whether queues have modules, and webhooks' rules.
    /// </summary>
    public abstract string SelectStart { get; }

    /// <summary>Tasks $1.</summary>
    public abstract string LockTasks { get; }

    /// <summary>Counts which of the tasks $1 are leased with the tokens $2 until $3.</summary>
    public abstract string LockRemembered { get; }

    /// <summary>
    /// Ready tasks of each lane of $1, at most $2 of each, in claim order. Rows locked by another transaction are
    /// skipped, as in the next three.
    /// </summary>
    public abstract string LockReady { get; }

    /// <summary>The same, followed by the number of the task's files.</summary>
    public abstract string LockReadyWithFiles { get; }

    /// <summary>
    /// Of the first $4 checks in each lane of $1 after priority $2 and id $3, those that the worker $5 of the network
    /// $6, or any, may have; $7 is 1 if it is trusted; at most $8.
    /// </summary>
    public abstract string LockReadyChecks { get; }

    /// <summary>Lane, priority and id of the last of those first ones, if there are that many.</summary>
    public abstract string SelectChecksEnds { get; }

    /// <summary>Tasks that time changes, at most $1.</summary>
    public abstract string LockDue { get; }

    /// <summary>Waiting tasks of the lanes $1, at most $2.</summary>
    public abstract string LockWaitingInQueue { get; }

    /// <summary>Tasks of the group $1 after $2, at most $3.</summary>
    public abstract string LockGroupMembers { get; }

    /// <summary>
    /// Tasks that finished $1 milliseconds ago, in an unfinished group $3; at most $2, and as many bytes as one
    /// transaction may delete.
    /// </summary>
    public abstract string LockFinishedBefore { get; }

    /// <summary>The tasks of the checks $1, and the unfinished checks of the tasks $1.</summary>
    public abstract string LockFamilies { get; }

    /// <summary>Task and check, for the unfinished checks of the tasks $1.</summary>
    public abstract string SelectOpenChecks { get; }

    /// <summary>Creates rows for the holders of the copies $1 of adaptive tasks, if they have none.</summary>
    public abstract string InsertStandings { get; }

    /// <summary>The standings of those who hold the copies $1, or have answered their tasks.</summary>
    public abstract string LockStandings { get; }

    /// <summary>Until the commit, nobody else hands tasks to the workers $1 that are paced.</summary>
    public abstract string LockPaces { get; }

    /// <summary>$1 numbers of new tasks.</summary>
    public abstract string TakeTaskIds { get; }

    /// <summary>Key, fingerprint and tasks of the idempotency keys $1.</summary>
    public abstract string SelectKeys { get; }

    /// <summary>
    /// Whether payloads are JSON ($1), their bytes, owners, and the positions of their keys, from 1; in the next two
    /// the keys and their fingerprints; in the last the tasks' modules; then <see cref="TaskRow.NewColumns"/>. Returns
    /// the tasks' numbers, in that order.
    /// </summary>
    public abstract string InsertTasks { get; }
    public abstract string InsertTasksWithKeysAndOwners { get; }
    public abstract string InsertTasksWithModules { get; }
    public abstract string InsertCheckRow { get; }
    public abstract string UpdateTasks { get; }
    public abstract string UpdatePriorities { get; }
    public abstract string DeleteTasks { get; }

    // The other tables of tasks $1.
    public abstract string InsertResults { get; }
    public abstract string UpsertCheckpoints { get; }
    public abstract string UpsertErrors { get; }
    public abstract string UpsertAttempts { get; }
    public abstract string DeleteAttempts { get; }
    public abstract string SelectPayloads { get; }
    public abstract string SelectCheckpoints { get; }
    public abstract string SelectResults { get; }
    public abstract string SelectTaskModules { get; }

    // Lanes, with their counts by state, to which the shard $1 adds.
    public abstract string LockLanes { get; }
    public abstract string InsertLanes { get; }
    public abstract string SelectLanesAfter { get; }
    public abstract string SelectLanesInUse { get; }
    public abstract string SelectReadyInQueue { get; }
    public abstract string AddToCounts { get; }

    // Groups. A transaction that finishes tasks in one, or counts an owner's, locks it until the commit.
    public abstract string LockGroups { get; }
    public abstract string SelectGroupsThatExist { get; }
    public abstract string InsertGroup { get; }
    public abstract string LockGroupsOfOwner { get; }
    public abstract string CountGroupsOfOwner { get; }
    public abstract string LockEmptyGroups { get; }
    public abstract string DeleteEmptyGroups { get; }
    public abstract string AddToGroupCounts { get; }

    // Owners: a transaction that adds so much that it may fill the owner's limit locks it until the commit.
    public abstract string LockOwners { get; }
    public abstract string SelectOwnerCounts { get; }
    public abstract string AddToOwnerCounts { get; }

    /// <summary>Recounts the bytes of the tasks $2 besides payload and result, for the shard $1.</summary>
    public abstract string CountKept { get; }

    /// <summary>Deletes the rows of deleted tokens that have nothing left.</summary>
    public abstract string DeleteIdleOwners { get; }

    // Modules: transactions that name one share a lock that transactions which change them take exclusively.
    public abstract string ShareModules { get; }
    public abstract string LockModules { get; }
    public abstract string SelectModuleKeys { get; }
    public abstract string SelectModulesOf { get; }
    public abstract string SelectModulesOfQueues { get; }
    public abstract string DeleteAbandoned { get; }
    public abstract string InsertUpload { get; }

    // Tokens: a transaction that adds some holds a lock until the commit.
    public abstract string LockTokens { get; }
    public abstract string DeleteExpiredTokens { get; }
}
