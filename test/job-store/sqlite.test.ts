import { describeJobStore } from "./conformance.ts";
import { sqliteUnderTest } from "./sqlite-under-test.ts";

describeJobStore("SQLite", sqliteUnderTest);
