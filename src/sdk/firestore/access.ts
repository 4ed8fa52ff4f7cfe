/**
 * What is used of Firebase's web SDK, so that it is the page's own copy and this one imports none. `sdk` takes the
 * module as it is: `import * as sdk from "firebase/firestore"`.
 */
export interface FirestoreAccess<Database = unknown, Reference = unknown> {
  /** As getFirestore(app) gives it, with the user signed in to the same app. */
  db: Database;
  sdk: FirestoreSdk<Database, Reference>;
}

export interface DocumentView {
  exists(): boolean;
  data(): unknown;
  metadata: { fromCache: boolean };
}

/** What is watched lies in the document at `path`, which `read` makes sense of; undefined: it says nothing yet. */
export interface Listened<Shown> {
  path: string;
  read: (document: DocumentView) => Shown | undefined;
  /** Finds it elsewhere while Firestore says that there is no document. Left out: there always is one. */
  readElsewhere?: (signal: AbortSignal) => Promise<Shown>;
}

/** Methods, whose parameters TypeScript compares in both directions: the real module's own types then fit. */
export interface FirestoreSdk<Database, Reference> {
  doc(db: Database, path: string): Reference;
  getDoc(reference: Reference): Promise<DocumentView>;
  onSnapshot(
    reference: Reference,
    next: (document: DocumentView) => void,
    failed: (error: { code: string; message: string }) => void,
  ): () => void;
}
