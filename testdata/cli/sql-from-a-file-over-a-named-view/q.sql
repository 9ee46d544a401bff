-- the rows
SELECT a
FROM logs
