// A task: gets the payload, returns the result; both become JSON. An exception fails the attempt.
export default async function task(payload, { progress }) {
  progress(0.5);
  return payload * payload;
}
