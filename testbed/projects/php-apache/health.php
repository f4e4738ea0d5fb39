<?php
header('Content-Type: text/plain');
echo class_exists('SQLite3') ? "ok\n" : "no database\n";
