-- What one token did is bounded by itself, so that it pushes out nothing of others.
CREATE INDEX audit_token ON audit (token, id);
