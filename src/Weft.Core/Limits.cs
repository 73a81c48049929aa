namespace Weft.Core;

/// <summary>Every bound of the coordinator that isn't an option, in one place.</summary>
public static class Limits
{
    public const string QueueDefault = "default";

    /// <summary>Of letters, digits, dots, dashes and underscores, which a URL segment can hold.</summary>
    public const int QueueNameCharsMax = 64;

    public const int TypeCharsMax = 64;
    public const int WorkerIdCharsMax = 128;
    public const int IdempotencyKeyCharsMax = 128;
    public const int GroupNameCharsMax = 128;

    public const int PriorityMin = -100;
    public const int PriorityMax = 100;

    public const int MaxAttemptsDefault = 5;
    public const int MaxAttemptsMax = 100;

    public static readonly TimeSpan LeaseTimeDefault = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan LeaseTimeMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LeaseTimeMax = TimeSpan.FromHours(24);

    /// <summary>How far ahead a task may be scheduled, and how long it may live unfinished.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromDays(366);

    /// <summary>Held requests end before common proxies give up on them (30 s).</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(25);

    /// <summary>How far the wall clock may deviate from the monotonic one before stored times are adjusted.</summary>
    public static readonly TimeSpan ClockGapMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Finish times are adjusted when the wall clock was set by this much: less doesn't matter to a retention time.
    /// </summary>
    public static readonly TimeSpan FinishesFollowMin = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>Tasks in one sweep's transaction, so that a wave of expired leases doesn't hold up requests.</summary>
    public const int SweepBatchMax = 1_000;

    /// <summary>Tasks that retention deletes in one transaction.</summary>
    public const int RetentionBatchMax = 500;

    /// <summary>
    /// Bytes of payloads, results and checkpoints that one transaction deletes, about; one task's at least. The disk's
    /// pages of each are freed one by one: 800 MB hold up a writer for two seconds.
    /// </summary>
    public const int DeleteBytesMax = 16 << 20;

    /// <summary>
    /// Finished tasks that one run of retention may skip because a reader may still wait for their results.
    /// </summary>
    public const int RetentionScanMax = 10_000;

    /// <summary>
    /// How many retention times a finished task is kept while its group is unfinished: a reader in order may reach it
    /// late.
    /// </summary>
    public const int RetentionTimesInGroup = 10;

    public static readonly TimeSpan RetentionInterval = TimeSpan.FromSeconds(10);

    /// <summary>Tasks that one step of a bulk operation changes, in one transaction.</summary>
    public const int BulkStepMax = 500;

    /// <summary>
    /// Pages without a match that one step of a bulk operation reads before it stores where it stands.
    /// </summary>
    public const int BulkEmptyPagesMax = 20;

    /// <summary>Tasks that a dry run looks at, about: it is one request.</summary>
    public const int BulkCountLookMax = 100_000;

    /// <summary>Pages that a dry run reads: with a text to search for, a page is short.</summary>
    public const int BulkCountPagesMax = 100;

    /// <summary>Ids that a bulk operation may name.</summary>
    public const int BulkIdsMax = 1_000;

    /// <summary>Bulk operations of a store that are running or wait for their turn.</summary>
    public const int BulkOperationsMax = 100;

    /// <summary>Of those, the ones that one token started.</summary>
    public const int BulkOperationsOfTokenMax = 10;

    /// <summary>Bulk operations that are kept, for people to look at; retention deletes older ones sooner.</summary>
    public const int BulkOperationsKeptMax = 1_000;

    /// <summary>
    /// How long a coordinator that runs a bulk operation keeps the others of a shared store away with each step.
    /// </summary>
    public static readonly TimeSpan BulkRunnerTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often the coordinators of a shared store look for operations that one which is gone has left.
    /// </summary>
    public static readonly TimeSpan BulkTakeOverInterval = TimeSpan.FromSeconds(5);

    /// <summary>Entries of the audit that are kept; retention deletes older ones sooner.</summary>
    public const int AuditKeptMax = 100_000;

    /// <summary>Of those, the ones of one token.</summary>
    public const int AuditOfTokenMax = 10_000;

    /// <summary>Webhooks of a store: each finish is compared with all of them.</summary>
    public const int WebhooksMax = 100;

    /// <summary>Webhooks of one submitter among them.</summary>
    public const int WebhooksOfTokenMax = 5;

    /// <summary>Attempts to send something that are kept of each webhook.</summary>
    public const int WebhookAttemptsKeptMax = 100;

    /// <summary>What waits for webhooks is counted up to this for the metrics.</summary>
    public const int WebhookBacklogCountMax = 100_000;

    /// <summary>How long a secret that was replaced signs, too.</summary>
    public static readonly TimeSpan WebhookSecretOverlap = TimeSpan.FromHours(24);

    public const int WebhookUrlCharsMax = 2_000;
    public const int WebhookNameCharsMax = 128;
    public const int WebhookQueuesMax = 32;
    public const int WebhookEventsMax = 8;

    /// <summary>Characters that are kept of why something did not arrive.</summary>
    public const int WebhookErrorCharsMax = 256;

    /// <summary>
    /// What may wait to be sent to one webhook, about; events of tasks past this are dropped and counted.
    /// </summary>
    public const int WebhookPendingMax = 10_000;

    /// <summary>The same with finished groups, which are far fewer.</summary>
    public const int WebhookPendingGroupsMax = 20_000;

    /// <summary>Messages that one coordinator sends at once, and those to one webhook among them.</summary>
    public const int WebhookSendsMax = 16;
    public const int WebhookSendsOfOneMax = 2;

    /// <summary>Of those, the ones to webhooks of submitters, and of one of these.</summary>
    public const int WebhookSendsOfTokensMax = WebhookSendsMax / 2;
    public const int WebhookSendsOfTokenMax = 2;

    /// <summary>Tries of webhooks that one client may have open, and all clients with one token.</summary>
    public const int WebhookTestsOfClientMax = 2;
    public const int WebhookTestsOfTokenMax = 4;

    /// <summary>How long a receiver may take to answer.</summary>
    public static readonly TimeSpan WebhookTimeMax = TimeSpan.FromSeconds(15);

    /// <summary>How long what is being sent is one coordinator's: longer than it can take.</summary>
    public static readonly TimeSpan WebhookLeaseTime = TimeSpan.FromSeconds(45);

    /// <summary>How long one webhook's messages are sent in a row before another's turn.</summary>
    public static readonly TimeSpan WebhookTurnTime = TimeSpan.FromSeconds(5);

    /// <summary>A webhook that nothing has reached for this long is disabled.</summary>
    public static readonly TimeSpan WebhookFailingMax = TimeSpan.FromDays(5);

    /// <summary>
    /// How often the store is asked what is due while nothing says that something is, and how often at most.
    /// </summary>
    public static readonly TimeSpan WebhookLookInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan WebhookLookPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Every Nth run of retention also deletes old bulk operations and entries of the audit: about every ten minutes.
    /// </summary>
    public const int BulkRetentionRounds = 60;

    /// <summary>
    /// Levels of JSON in a payload or a result of the frozen surface. What is nested deeper is handed on as text: the
    /// parser of .NET takes time by the square of the depth.
    /// </summary>
    public const int JsonDepthMax = 1_000;

    /// <summary>
    /// How many queues have metrics of their own where the setting doesn't say; the others share theirs.
    /// </summary>
    public const int MetricsQueuesDefault = 100;

    /// <summary>How old the numbers may be that a scrape reads.</summary>
    public static readonly TimeSpan SnapshotAgeMax = TimeSpan.FromSeconds(1);

    /// <summary>How often a coordinator looks at itself while nobody watches.</summary>
    public static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(10);

    /// <summary>Over how long rates are told.</summary>
    public static readonly TimeSpan WatchRatesTime = TimeSpan.FromMinutes(1);

    /// <summary>For how long a share of failures counts.</summary>
    public static readonly TimeSpan WatchFailuresTime = TimeSpan.FromMinutes(5);

    /// <summary>For how long tasks that died are news.</summary>
    public static readonly TimeSpan WatchDeathsTime = TimeSpan.FromMinutes(15);

    /// <summary>Sets of requirements in which the oldest ready task is looked for: the fullest.</summary>
    public const int OldestLanesMax = 100;

    /// <summary>Distinct priorities of each in which it is looked for, from the highest.</summary>
    public const int OldestPrioritiesMax = 16;

    /// <summary>How long minutes of all queues together are stored, for plots.</summary>
    public static readonly TimeSpan SamplesKeptTime = TimeSpan.FromDays(7);

    /// <summary>The same of single queues.</summary>
    public static readonly TimeSpan QueueSamplesKeptTime = TimeSpan.FromHours(1);

    /// <summary>Queues whose minute is stored: the busiest.</summary>
    public const int QueueSamplesMax = 20;

    /// <summary>Events that are kept while somebody follows them: a few megabytes.</summary>
    public const int EventsKeptMax = 32_768;

    /// <summary>How long events are kept after the last follower has left: it may come back.</summary>
    public static readonly TimeSpan EventsKeptTime = TimeSpan.FromMinutes(5);

    /// <summary>Streams of events that are open at once.</summary>
    public const int EventStreamsMax = 256;

    /// <summary>When a stream of events ends by itself, so that balancers can move it.</summary>
    public static readonly TimeSpan EventStreamTimeMax = TimeSpan.FromMinutes(30);

    /// <summary>How often a stream of events says that it is alive where nothing happens.</summary>
    public static readonly TimeSpan EventPingInterval = TimeSpan.FromSeconds(15);

    /// <summary>Events that a stream looks at together.</summary>
    public const int EventBatchMax = 256;

    /// <summary>Between two looks of a stream that has seen all.</summary>
    public static readonly TimeSpan EventPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Events that a stream of all tasks sends in a second.</summary>
    public const int EventsPerSecondMax = 2_000;

    /// <summary>The same of one that asks for a part of the tasks.</summary>
    public const int EventsPerSecondFilteredMax = 20_000;

    /// <summary>How long a stream that has sent that many leaves out what happens.</summary>
    public static readonly TimeSpan EventRatePause = TimeSpan.FromSeconds(1);

    /// <summary>How many sets of requirements are listed of one queue.</summary>
    public const int LanesListedMax = 100;

    /// <summary>How many queues an overview lists.</summary>
    public const int WatchedQueuesMax = 100;

    /// <summary>Characters of a tracestate that are kept.</summary>
    public const int TraceStateCharsMax = 512;

    public const int SubmitBatchMax = 1_000;
    public const int SettleBatchMax = 1_000;
    public const int ClaimBatchMax = 1_000;
    public const int ClaimQueuesMax = 32;
    public const int ListPageMax = 1_000;

    /// <summary>Rows that one listed page may look at where the filter finds few.</summary>
    public const int ListScanMax = 10_000;

    /// <summary>
    /// How long one listed page may look, after so many rows, and again after as many: it ends early and says where to
    /// go on.
    /// </summary>
    public static readonly TimeSpan ListTimeMax = TimeSpan.FromMilliseconds(20);
    public const int ListTimedEach = 1_024;

    /// <summary>The same where payloads are searched for a text.</summary>
    public const int ListSearchMax = 2_000;

    /// <summary>Bytes of payloads that one listed page searches, past the last of them.</summary>
    public const int ListSearchBytesMax = 4 << 20;

    /// <summary>Characters of a text that errors or payloads are searched for.</summary>
    public const int ListTextCharsMax = 256;

    /// <summary>
    /// Characters of errors in one listed page, past the first: each may have <see cref="ErrorCharsMax"/>, and six
    /// times as many bytes as JSON.
    /// </summary>
    public const int ListPageErrorCharsMax = 256 << 10;

    /// <summary>Bytes of a payload, result or checkpoint that is read without checking its size first.</summary>
    public const int PartBytesSmall = 16 << 10;

    /// <summary>Bytes of one task's payload or result in a batch.</summary>
    public const int BatchItemBytesMax = 1 << 20;

    /// <summary>Bytes of one request of the new surface.</summary>
    public const int RequestBytesMax = 32 << 20;

    /// <summary>Bytes of payloads that one claim hands out, past the first task.</summary>
    public const int ClaimBytesMax = 32 << 20;

    /// <summary>Bytes of results in one page of a group's, past the first.</summary>
    public const int ResultsPageBytesMax = 4 << 20;

    public const int CheckpointBytesMax = 64 << 10;
    public const int ErrorCharsMax = 4_096;

    /// <summary>
    /// Attempts of one task that are kept, the newest: releases don't count as failures, so that a task may have any
    /// number.
    /// </summary>
    public const int AttemptsKeptMax = 100;

    /// <summary>How far tasks are counted that are claimed before another.</summary>
    public const int AheadCountMax = 10_000;

    /// <summary>The tasks that finished last, of a whole store, that an estimate looks at.</summary>
    public const int FinishSampleMax = 1_000;

    public const int RequirementsMax = 8;
    public const int CapabilitiesMax = 32;
    public const int LabelCharsMax = 64;

    /// <summary>Distinct sets of requirements that one queue may hold: each costs every claim a lookup.</summary>
    public const int LanesPerQueueMax = 64;

    /// <summary>
    /// Lanes that one statement of a shared store looks at for claims: as many as one claim's queues may have. A batch
    /// of claims that name more looks several times.
    /// </summary>
    public const int LanesAskedMax = ClaimQueuesMax * LanesPerQueueMax;

    /// <summary>Of those, the sets that one owner was the first to need.</summary>
    public const int LanesPerQueueOfOwnerMax = 16;

    /// <summary>
    /// What a stored task counts for its owner besides its payload and result: about the size of its rows and indexes.
    /// </summary>
    public const int TaskStoredBytes = 256;

    /// <summary>Uploads of modules that one owner may have in progress.</summary>
    public const int ModuleUploadsOfOwnerMax = 16;

    /// <summary>Tokens of a store; all of them are held in memory.</summary>
    public const int TokensMax = 10_000;

    public const int TokenNameCharsMax = 128;
    public const int TokenQueuesMax = 32;
    public static readonly TimeSpan TokenTimeMax = TimeSpan.FromDays(3_660);

    /// <summary>Queues of a store; each is held in memory, and stays once its name was used.</summary>
    public const int QueuesMax = 10_000;

    /// <summary>Bytes of one module.</summary>
    public const long ModuleBytesMax = 64 << 20;

    /// <summary>Bytes of one Python module, a script.</summary>
    public const long PythonModuleBytesMax = 1 << 20;

    /// <summary>Bytes of one Python module that is a zipped folder.</summary>
    public const long PythonFolderBytesMax = 16 << 20;

    /// <summary>The same unpacked, and its files: what <c>weft</c> packs into one.</summary>
    public const long PythonFolderUnpackedBytesMax = 64 << 20;
    public const int PythonFolderFilesMax = 10_000;

    /// <summary>Files of one wheel, and bytes of the list of them. The largest of Pyodide's have 2,000.</summary>
    public const int PackageFilesMax = 5_000;
    public const int PackageDirectoryBytesMax = 2 << 20;

    /// <summary>Bytes of what a wheel says of itself, and packages that it needs.</summary>
    public const int PackageMetadataBytesMax = 1 << 20;
    public const int PackageRequirementsMax = 500;

    /// <summary>
    /// Characters of one thing that a wheel says it needs, and of all of them: longer ones aren't read. They stay in
    /// memory. Real ones have up to 300, and 40,000 where a package has hundreds of extras.
    /// </summary>
    public const int PackageRequirementCharsMax = 512;
    public const int PackageRequirementsCharsMax = 64 << 10;

    /// <summary>
    /// What one task's packages may ask of others in all, in requirements and in bounds on versions: each is compared
    /// with every version that is there.
    /// </summary>
    public const int PackageNeedsMax = 2_000;
    public const int PackageBoundsMax = 4_000;

    /// <summary>Characters of the requirements that are read for one task.</summary>
    public const int PackageNeedsCharsMax = 512 << 10;

    /// <summary>Different lists of packages in one batch of tasks.</summary>
    public const int PackageListsOfBatchMax = 32;

    /// <summary>Bytes of a task's packages, unpacked: each interpreter has them in memory, or in a folder.</summary>
    public const long PackagesUnpackedBytesMax = 256 << 20;

    /// <summary>Packages that a task names, and bytes of each name; with those that they need, they are files of the
    /// task.</summary>
    public const int PackagesNamedMax = 32;
    public const int PackageNameBytesMax = 200;

    /// <summary>Wheels of which a coordinator remembers what they need.</summary>
    public const int WheelsKnownMax = 2 * ModulesMax;

    /// <summary>
    /// Bytes of one chunk of a module: small enough that a transaction that stores one doesn't hold up others.
    /// </summary>
    public const int ModuleChunkBytes = 256 << 10;

    /// <summary>Bytes of a WebAssembly module's section that is inspected while the module arrives.</summary>
    public const int ModuleSectionBytesMax = 1 << 20;

    /// <summary>Tables, their entries and globals of a WebAssembly module: what it has beside its memory.</summary>
    public const int ModuleTablesMax = 16;
    public const int ModuleTableEntriesMax = 1_000_000;
    public const int ModuleGlobalsMax = 10_000;

    /// <summary>Values that an exception of a WebAssembly module may carry.</summary>
    public const int ModuleExceptionValuesMax = 16;

    /// <summary>
    /// Types of functions that a module declares. Browsers keep each different one for as long as the tab lives, two
    /// million at most of all modules, and end the tab after that. Large programs have a few hundred.
    /// </summary>
    public const int ModuleTypesMax = 4_000;

    /// <summary>
    /// Parameters of a type of function. A branch moves all of its target's, so that a small module could compile to
    /// gigabytes.
    /// </summary>
    public const int ModuleParametersMax = 128;

    /// <summary>Results of a type of function, for the same reason. Compilers return one, or a few.</summary>
    public const int ModuleResultsMax = 16;

    /// <summary>Custom sections of a module: names, debug information and the like, by tens at most.</summary>
    public const int ModuleCustomSectionsMax = 1_000;

    /// <summary>Pages of 64 KiB, in which WebAssembly counts memory.</summary>
    public const int ModulePagesPerMb = 16;

    public const int ModulesMax = 1_000;

    /// <summary>Bytes of modules that one list reads to find how repeatable they are, after a restart.</summary>
    public const long ModuleVerdictBytesMax = 64 << 20;

    /// <summary>
    /// Tasks that are looked at to find one of a module's owner that names it, when that owner deletes it.
    /// </summary>
    public const int ModuleUsesScanMax = 10_000;

    /// <summary>
    /// An upload idle for this long is treated as abandoned; with a shared store there is no other way to know.
    /// </summary>
    public static readonly TimeSpan ModuleUploadIdleMax = TimeSpan.FromHours(1);
    public const int ModuleNameCharsMax = 128;

    /// <summary>Blobs of a store, with those that are being pushed.</summary>
    public const int BlobsMax = 100_000;

    /// <summary>Of those, the ones of one owner.</summary>
    public const int BlobsOfOwnerMax = BlobsMax / 4;

    /// <summary>Blobs that one owner may be pushing at once.</summary>
    public const int BlobUploadsOfOwnerMax = 64;

    /// <summary>An unfinished push of a blob that got no chunk for this long is dropped.</summary>
    public static readonly TimeSpan BlobUploadIdleMax = TimeSpan.FromHours(24);

    /// <summary>Bytes of a blob that are stored in one transaction: chunks of it share a commit.</summary>
    public const int BlobAppendBytes = 4 * ModuleChunkBytes;

    /// <summary>
    /// Chunks of blobs that are deleted in one transaction: 16 MiB, so that the end of a large blob doesn't hold up
    /// requests.
    /// </summary>
    public const int BlobCleanChunksMax = 64;

    /// <summary>Blobs that one transaction gives up because nothing names them.</summary>
    public const int BlobCleanMax = 100;

    /// <summary>Files of one task.</summary>
    public const int FilesMax = 64;

    /// <summary>Files that one task may write.</summary>
    public const int OutputsMax = 64;

    /// <summary>Megabytes of them that a submitter may ask for.</summary>
    public const int OutMbMax = 4_096;

    /// <summary>
    /// Outputs that were pushed and that no result names, of a task that isn't at work any more, are dropped this long
    /// after they came.
    /// </summary>
    public static readonly TimeSpan OutputIdleMax = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of a file's path.</summary>
    public const int FilePathBytesMax = 255;

    /// <summary>Sets of files that one transaction looks at to find those that no task names.</summary>
    public const int FileSetCleanMax = 500;

    /// <summary>Bytes of JSON of one task's files: each path may be escaped character by character.</summary>
    public const int FilesJsonBytesMax = FilesMax * ((6 * FilePathBytesMax) + 100);

    /// <summary>Blobs that one transaction looks at to find those that nothing names.</summary>
    public const int BlobScanMax = 1_000;

    public const int RunArgsMax = 64;
    public const int RunArgBytesMax = 4 << 10;
    public const int RunEnvMax = 64;

    /// <summary>Bytes of all arguments and variables of one run.</summary>
    public const int RunBytesMax = 16 << 10;

    /// <summary>Bytes of JSON of all queues' runs together, about: each is held in memory.</summary>
    public const long QueueRunsBytesMax = 16 << 20;

    /// <summary>Bytes of runs in one page of the list of queues, past the first.</summary>
    public const int QueuesPageRunBytesMax = 256 << 10;

    public static readonly TimeSpan RunTimeDefault = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan RunTimeMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan RunTimeMax = TimeSpan.FromHours(24);

    public const int RunMemoryMbDefault = 256;
    public const int RunMemoryMbMax = 4_096;

    public const int WorkersRememberedMax = 10_000;

    /// <summary>Workers that a coordinator publishes at once.</summary>
    public const int WorkersPublishedMax = 1_000;

    public static readonly TimeSpan WorkersPublishInterval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A coordinator that has published nothing for this long has disappeared: no worker waits there any more.
    /// </summary>
    public static readonly TimeSpan CoordinatorGoneTime = TimeSpan.FromSeconds(15);

    /// <summary>How long to list workers last seen by a coordinator that has since disappeared.</summary>
    public static readonly TimeSpan WorkersOfGoneKeptTime = TimeSpan.FromMinutes(10);

    /// <summary>Every Nth publish round also removes coordinators that have disappeared.</summary>
    public const int WorkersForgottenRounds = 15;

    /// <summary>Leased tasks that the list of workers shows of each.</summary>
    public const int WorkerTasksListedMax = 100;

    /// <summary>Rows that one list of workers may read to find what they have leased.</summary>
    public const int LeasedScanMax = 10_000;

    /// <summary>A worker counts as active when it was seen within this time.</summary>
    public static readonly TimeSpan WorkerActiveTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A worker counts as one of its queues' when it was seen within this time: it may be busy with a long task.
    /// </summary>
    public static readonly TimeSpan WorkerServesTime = TimeSpan.FromSeconds(60);

    /// <summary>Keys that workers of one network may get within an hour.</summary>
    public const int NewcomersMax = 64;

    /// <summary>Networks whose newcomers are counted.</summary>
    public const int NewcomerNetworksMax = 65_536;

    /// <summary>Characters of a worker's key that are read; a key has fewer.</summary>
    public const int WorkerKeyCharsMax = 64;

    /// <summary>Ready tasks of a lane that a claim looks at for files that its worker has.</summary>
    public const int LocalityDepthMax = 64;

    /// <summary>How often such a claim passes over a task that is before the one that it takes.</summary>
    public const int LocalityPassesMax = 3;

    /// <summary>Sets of files that are remembered of a worker; the newest.</summary>
    public const int LocalitySetsMax = 8;

    /// <summary>Workers whose sets of files are remembered; then all are forgotten.</summary>
    public const int LocalityWorkersMax = 10_000;

    /// <summary>Tasks that were passed over and are remembered; then all are forgotten.</summary>
    public const int LocalityTasksMax = 100_000;

    /// <summary>Ready checks of a lane that a claim looks at; what lies behind them waits.</summary>
    public const int ChecksScanMax = 128;

    /// <summary>Characters of queues and capabilities that are remembered of a worker's last claim.</summary>
    public const int WorkerOfferCharsMax = 512;

    /// <summary>The share of wrong results that a submitter may allow; 1e-6 is more than anybody can measure.</summary>
    public const double VerifyMaxWrongMin = 1e-6;
    public const double VerifyMaxWrongMax = 0.1;
    public const double VerifyMaxWrongDefault = 0.01;

    /// <summary>By how many answers a result must lead where all are checked; the least is the default.</summary>
    public const int VerifyCopiesMin = 2;
    public const int VerifyCopiesMax = 7;

    /// <summary>Answers to one task without a decision, after which it is dead.</summary>
    public const int VerifyAnswersMin = 3;
    public const int VerifyAnswersMax = 40;
    public const int VerifyAnswersDefault = 12;

    /// <summary>The share of workers that an operator may assume to be hostile: with half, no rule helps.</summary>
    public const double VerifyHostileMin = 0.001;
    public const double VerifyHostileMax = 0.4;
    public const double VerifyHostileDefault = 0.1;

    /// <summary>The share of checks that go to a trusted worker while there is one.</summary>
    public const double VerifyTrustedShare = 0.05;

    /// <summary>The share of answers that is checked however good a worker's name is.</summary>
    public const double VerifyCheckShareMin = 0.01;

    /// <summary>Answers from which a worker may be an elder, while all are new.</summary>
    public const int VerifyElderAnswersMin = 3;

    /// <summary>Faults from which a worker is barred, where they are more than a fifth of its checks.</summary>
    public const int VerifyFaultsToBar = 3;
    public const int VerifyChecksPerFaultToBar = 5;

    /// <summary>The newest checks of a module that tell whether its runs agree.</summary>
    public const int VerifyModuleChecks = 100;

    /// <summary>
    /// Disputes among elders without a fault that are still taken for lies: so many of those checks, and this share.
    /// </summary>
    public const int VerifyModuleDisputesMax = 3;
    public const double VerifyModuleDisputeShareMax = 0.05;

    /// <summary>A worker that has answered within this time may be asked to check others.</summary>
    public static readonly TimeSpan VerifySeenTime = TimeSpan.FromMinutes(30);

    /// <summary>So long a check waits for an elder, or for a trusted worker; then anybody may have it.</summary>
    public static readonly TimeSpan VerifyElderWait = TimeSpan.FromMinutes(2);

    /// <summary>Workers of a queue among whom elders are looked for: those seen last.</summary>
    public const int VerifyWorkersMax = 10_000;

    /// <summary>
    /// The workers of a queue are read anew for each decision while they are no more than this; else as often as this.
    /// </summary>
    public const int VerifyWorkersFew = 64;
    public static readonly TimeSpan VerifyWorkersAge = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A worker that failed a check, and its network, are passed over for that task for its lease's time, at most this.
    /// </summary>
    public static readonly TimeSpan VerifyMissPauseMax = TimeSpan.FromMinutes(5);

    /// <summary>Checks of one task that may fail; where no other networks are left to ask, it is dead then.</summary>
    public const int VerifyMissesMax = 32;

    /// <summary>Workers whose earlier answers are audited at once, and tasks that are looked at for each.</summary>
    public const int VerifySuspectsMax = 64;

    /// <summary>Of the workers of a queue, at most one in so many is given an audit at a time.</summary>
    public const int VerifyWorkersPerAudit = 10;

    /// <summary>Workers that are barred of which a claim knows, the newest, and how old that may be.</summary>
    public const int VerifyBarredMax = 10_000;
    public static readonly TimeSpan VerifyBarredAge = TimeSpan.FromSeconds(10);

    /// <summary>Different answers that the error of a task names.</summary>
    public const int VerifyAnswersNamed = 6;

    /// <summary>
    /// Bytes and levels of an answer that is compared as JSON; what is larger or deeper is compared by its bytes.
    /// </summary>
    public const int CompareJsonBytesMax = 1 << 20;
    public const int CompareJsonDepthMax = 64;

    /// <summary>The widest relative tolerance of numbers: with 1, everything would be equal to 0.</summary>
    public const double CompareRelMax = 0.1;
}
