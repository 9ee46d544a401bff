SELECT
    user_id,
    session_id,
    event_type,
    page_url,
    product_id,
    timestamp,
    device_type,
    window(timestamp, '5 minutes') AS time_window,
    COUNT(*) AS event_count
FROM clickstream_events
WHERE event_type IN ('click', 'page_view', 'purchase')
GROUP BY
    user_id,
    session_id,
    event_type,
    page_url,
    product_id,
    timestamp,
    device_type,
    window(timestamp, '5 minutes')
