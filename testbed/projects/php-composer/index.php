<?php
require 'vendor/autoload.php';
echo (new Blog\Home())->page();
