<?php
// A guest book in SQLite.
$book = new SQLite3('/var/lib/guests/book.db');
$book->exec('CREATE TABLE IF NOT EXISTS guests (name TEXT)');
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $insert = $book->prepare('INSERT INTO guests VALUES (:name)');
    $insert->bindValue(':name', $_POST['name'] ?? 'nobody');
    $insert->execute();
}
$count = $book->querySingle('SELECT count(*) FROM guests');
?>
<!doctype html>
<h1>Guests</h1>
<p><?= $count ?> so far</p>
